package cordanetes.nodeconf;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.corda.common.configuration.parsing.internal.Configuration;
import net.corda.node.services.config.ConfigHelper;
import net.corda.node.services.config.NodeConfigurationKt;

/**
 * Checks {@code node.conf} files as a node of this version does at its start: loaded over its {@code reference.conf},
 * then parsed strictly by {@code V1NodeConfigurationSpec}.
 *
 * <p>Prints one line of JSON: a map of file to the parser's errors, none for a file that a node would take. With
 * {@code --keys} instead of files it prints the specification's own tree of keys.
 */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws ReflectiveOperationException {
        // Before the first class of Corda is loaded: its own set-up wants script engines that Java 17 has not.
        System.setProperty("log4j2.configurationFile", "classpath:node-conf-check-log4j2.xml");
        Object result = arguments.length == 1 && arguments[0].equals("--keys")
                ? Specification.keys()
                : check(arguments);
        System.out.println(ConfigValueFactory.fromAnyRef(result).render(ConfigRenderOptions.concise()));
    }

    private static Map<String, Object> check(String[] files) {
        Map<String, Object> errors = new LinkedHashMap<>();
        for (String file : files) {
            errors.put(file, errors(Path.of(file).toAbsolutePath()));
        }
        return errors;
    }

    private static List<String> errors(Path file) {
        List<String> errors = new ArrayList<>();
        try {
            var loaded = ConfigHelper.INSTANCE.loadConfig(file.getParent(), file, false, ConfigFactory.empty());
            var parsed = NodeConfigurationKt.parseAsNodeConfiguration(loaded, new Configuration.Options(true));
            parsed.getErrors().forEach(error -> errors.add(error.getPathAsString() + ": " + error.getMessage()));
        } catch (ConfigException | IllegalArgumentException error) {
            // Some of the parser's own checks are exceptions: the node ends with them.
            errors.add(String.valueOf(error.getMessage()));
        }
        return errors;
    }
}
