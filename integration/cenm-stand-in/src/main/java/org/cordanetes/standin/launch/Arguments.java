package org.cordanetes.standin.launch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cordanetes.standin.tls.StartRefused;

/** Command-line arguments: {@code --name=value}, {@code --name value} and switches, each known beforehand. */
public final class Arguments {
    private final Map<String, String> values = new HashMap<>();
    private final Set<String> switches = new HashSet<>();
    private final List<String> words = new ArrayList<>();

    /** Which options exist; aliases are separated by a bar, the first one is the name to ask for. */
    public static final class Known {
        private final Map<String, String> valued = new HashMap<>();
        private final Map<String, String> plain = new HashMap<>();

        public Known value(String aliases) {
            return add(valued, aliases);
        }

        public Known flag(String aliases) {
            return add(plain, aliases);
        }

        private Known add(Map<String, String> to, String aliases) {
            String[] names = aliases.split("\\|");
            for (String name : names) {
                to.put(name, names[0]);
            }
            return this;
        }

        public Arguments parse(String... arguments) throws StartRefused {
            Arguments parsed = new Arguments();
            for (int i = 0; i < arguments.length; i++) {
                String argument = arguments[i];
                if (!argument.startsWith("-") || argument.length() < 2) {
                    parsed.words.add(argument);
                    continue;
                }
                int equals = argument.indexOf('=');
                String name = equals < 0 ? argument : argument.substring(0, equals);
                String value = equals < 0 ? null : argument.substring(equals + 1);
                if (plain.containsKey(name)) {
                    // A switch may be written --tls=true.
                    if (value == null || value.equals("true")) {
                        parsed.switches.add(plain.get(name));
                    }
                } else if (valued.containsKey(name)) {
                    if (value == null && ++i == arguments.length) {
                        throw new StartRefused("the option " + name + " needs a value");
                    }
                    parsed.values.put(valued.get(name), value == null ? arguments[i] : value);
                } else {
                    throw new StartRefused("the option " + name + " is not known here");
                }
            }
            return parsed;
        }
    }

    public Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    public String require(String name) throws StartRefused {
        return value(name).orElseThrow(() -> new StartRefused("the option " + name + " is missing"));
    }

    public boolean has(String name) {
        return switches.contains(name);
    }

    /** What is not an option, in order. */
    public List<String> words() {
        return words;
    }
}
