package org.cordanetes.standin.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads HOCON from a file or a string and holds it against a shape. */
public final class ConfigText {
    private ConfigText() {}

    public static Config read(Path file, Shape shape) throws ConfigException {
        if (!Files.exists(file)) {
            throw new ConfigException("config-file-doesnt-exist", "there is no configuration file " + file);
        }
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new ConfigException("config-file-not-readable", "the configuration file " + file + " cannot be read");
        }
        Config config;
        try {
            config = ConfigFactory.parseFile(file.toFile()).resolve();
        } catch (com.typesafe.config.ConfigException e) {
            throw new ConfigException("config-parse-error", file + ": " + e.getMessage());
        }
        return checked(config, shape, file.toString());
    }

    public static Config parse(String text, String name) throws ConfigException {
        try {
            return ConfigFactory.parseString(text).resolve();
        } catch (com.typesafe.config.ConfigException e) {
            throw new ConfigException("config-parse-error", name + ": " + e.getMessage());
        }
    }

    public static Config checked(Config config, Shape shape, String name) throws ConfigException {
        List<String> problems = new ArrayList<>();
        shape.check("", config.root(), problems);
        if (!problems.isEmpty()) {
            throw new ConfigException("config-validation-error",
                    problems.stream().map(problem -> name + ": " + problem).toList());
        }
        return config;
    }

    /** HOCON that reads back as the same configuration. */
    public static String render(Config config) {
        return config.root().render(ConfigRenderOptions.defaults().setOriginComments(false).setJson(false));
    }

    /** A duration whose bare number counts in {@code unit}; with a unit of its own it means what it says. */
    public static Duration duration(Config config, String path, Duration unit) {
        String text = config.getString(path).trim();
        return text.matches("\\d+") ? unit.multipliedBy(Long.parseLong(text)) : config.getDuration(path);
    }

    public static String textOr(Config config, String path, String fallback) {
        return config.hasPath(path) ? config.getString(path) : fallback;
    }

    public static boolean flag(Config config, String path, boolean fallback) {
        return config.hasPath(path) ? config.getBoolean(path) : fallback;
    }
}
