package org.cordanetes.standin.config;

import com.typesafe.config.ConfigValue;
import java.util.List;

/**
 * What a configuration value may look like. Services describe their file as a tree of shapes, so that an
 * unknown or missing key is found before anything is opened.
 */
public interface Shape {

    /** Adds a sentence to {@code problems} for each thing wrong with {@code value}, which stands at {@code path}. */
    void check(String path, ConfigValue value, List<String> problems);

    /** Joins a parent path and a key; keys are quoted by HOCON only when they must be. */
    static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
