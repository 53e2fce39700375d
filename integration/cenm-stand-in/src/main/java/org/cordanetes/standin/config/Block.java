package org.cordanetes.standin.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** A block with a fixed set of keys; any other key is a problem. */
public final class Block implements Shape {
    private final Map<String, Shape> keys = new LinkedHashMap<>();
    private final Set<String> required = new LinkedHashSet<>();
    private BiConsumer<Rule, ConfigObject> rules = (rule, object) -> { };

    /** Where a rule that spans several keys reports what it found. */
    public record Rule(String path, List<String> problems) {
        public void problem(String sentence) {
            problems.add(path.isEmpty() ? sentence : "in '" + path + "': " + sentence);
        }
    }

    public Block required(String key, Shape shape) {
        required.add(key);
        return optional(key, shape);
    }

    public Block optional(String key, Shape shape) {
        keys.put(key, shape);
        return this;
    }

    /** Adds a check that looks at several keys at once. */
    public Block rule(BiConsumer<Rule, ConfigObject> rule) {
        rules = rules.andThen(rule);
        return this;
    }

    @Override
    public void check(String path, ConfigValue value, List<String> problems) {
        if (!(value instanceof ConfigObject object)) {
            problems.add("'" + path + "' must be a block, not a " + Shapes.name(value.valueType()));
            return;
        }
        object.forEach((key, child) -> {
            Shape shape = keys.get(key);
            String at = Shape.join(path, key);
            if (shape == null) {
                problems.add("unknown property '" + at + "'" + line(child) + "; known here: "
                        + String.join(", ", keys.keySet()));
            } else {
                shape.check(at, child, problems);
            }
        });
        for (String key : required) {
            if (!object.containsKey(key)) {
                problems.add("missing property '" + Shape.join(path, key) + "'");
            }
        }
        rules.accept(new Rule(path, problems), object);
    }

    private static String line(ConfigValue value) {
        int line = value.origin().lineNumber();
        return line > 0 ? " at line " + line : "";
    }
}
