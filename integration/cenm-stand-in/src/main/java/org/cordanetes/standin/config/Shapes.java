package org.cordanetes.standin.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValueType;
import java.util.Arrays;
import java.util.function.Predicate;

/** The scalar, list and map shapes that the services' files are made of. */
public final class Shapes {
    private Shapes() {}

    public static Shape text() {
        return (path, value, problems) -> {
            if (value.valueType() == ConfigValueType.OBJECT || value.valueType() == ConfigValueType.LIST) {
                problems.add("'" + path + "' must be a string, not a " + name(value.valueType()));
            }
        };
    }

    public static Shape bool() {
        return scalar("true or false", text -> text.equals("true") || text.equals("false"));
    }

    public static Shape integer() {
        return scalar("a whole number", text -> text.matches("-?\\d{1,18}"));
    }

    public static Shape port() {
        return scalar("a port from 1 to 65535", Shapes::isPort);
    }

    public static Shape hostAndPort() {
        return scalar("an address of the form host:port", text -> {
            int colon = text.lastIndexOf(':');
            return colon > 0 && isPort(text.substring(colon + 1));
        });
    }

    /** A number (of the key's own unit) or a number with a unit such as {@code 10s}, {@code 1m}, {@code 1d}. */
    public static Shape duration() {
        return scalar("a duration such as 10000, 10s, 5m or 1d", text -> text.matches("\\d+\\s*[a-zA-Z]*"));
    }

    public static Shape oneOf(String... allowed) {
        return scalar("one of " + String.join(", ", allowed), Arrays.asList(allowed)::contains);
    }

    public static Shape listOf(Shape element) {
        return (path, value, problems) -> {
            if (!(value instanceof ConfigList list)) {
                problems.add("'" + path + "' must be a list, not a " + name(value.valueType()));
                return;
            }
            for (int i = 0; i < list.size(); i++) {
                element.check(path + "[" + i + "]", list.get(i), problems);
            }
        };
    }

    /** A block whose keys the user chooses, all with the same kind of value. */
    public static Shape mapOf(Shape element) {
        return (path, value, problems) -> {
            if (!(value instanceof ConfigObject object)) {
                problems.add("'" + path + "' must be a block, not a " + name(value.valueType()));
                return;
            }
            object.forEach((key, child) -> element.check(Shape.join(path, key), child, problems));
        };
    }

    /** Free-form content, such as the configuration of a plugin. */
    public static Shape anything() {
        return (path, value, problems) -> { };
    }

    static String name(ConfigValueType type) {
        return switch (type) {
            case OBJECT -> "block";
            case LIST -> "list";
            case NULL -> "null";
            default -> "single value";
        };
    }

    private static boolean isPort(String text) {
        return text.matches("\\d{1,5}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= 65535;
    }

    private static Shape scalar(String wanted, Predicate<String> valid) {
        return (path, value, problems) -> {
            boolean single = value.valueType() != ConfigValueType.OBJECT && value.valueType() != ConfigValueType.LIST;
            // The value itself is not repeated: it may be a secret that was put under the wrong key.
            if (!single || !valid.test(String.valueOf(value.unwrapped()))) {
                problems.add("'" + path + "' must be " + wanted);
            }
        };
    }
}
