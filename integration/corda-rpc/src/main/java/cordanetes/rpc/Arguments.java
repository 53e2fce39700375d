package cordanetes.rpc;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Duration;
import java.util.Arrays;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import net.corda.core.identity.CordaX500Name;
import net.corda.core.utilities.NetworkHostAndPort;

/**
 * The options of a command: {@code --name value}, else the environment variable {@code CORDA_RPC_NAME}.
 * There is no option for the password itself, since arguments are visible to every process of the machine.
 */
final class Arguments {
    private static final List<String> KNOWN =
            Arrays.asList("rpc", "user", "password-file", "to", "amount", "currency", "request-id", "wait");

    private final Map<String, String> options = new HashMap<>();

    Arguments(List<String> words) throws Failure {
        for (int i = 0; i < words.size(); i += 2) {
            String word = words.get(i);
            if (!word.startsWith("--") || !KNOWN.contains(word.substring(2))) {
                throw Failure.usage("unknown option " + word);
            }
            if (i + 1 == words.size()) {
                throw Failure.usage(word + " needs a value");
            }
            if (options.put(word.substring(2), words.get(i + 1)) != null) {
                throw Failure.usage(word + " is given twice");
            }
        }
    }

    NetworkHostAndPort rpcAddress() throws Failure {
        String address = required("rpc");
        try {
            return NetworkHostAndPort.parse(address);
        } catch (IllegalArgumentException malformed) {
            throw Failure.usage("--rpc must be HOST:PORT and not '" + address + "'");
        }
    }

    String user() throws Failure {
        return required("user");
    }

    String password() throws Failure {
        Path file = Paths.get(required("password-file"));
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).trim();
        } catch (IOException unreadable) {
            throw Failure.usage("the password file " + file + " cannot be read (" + unreadable + ")");
        }
    }

    CordaX500Name recipient() throws Failure {
        String name = required("to");
        try {
            return CordaX500Name.parse(name);
        } catch (IllegalArgumentException malformed) {
            throw Failure.usage("--to '" + name + "' is not an X.500 name of a node: " + malformed.getMessage());
        }
    }

    BigDecimal amount() throws Failure {
        String amount = required("amount");
        try {
            BigDecimal value = new BigDecimal(amount);
            if (value.signum() <= 0) {
                throw Failure.usage("--amount must be more than nothing");
            }
            return value;
        } catch (NumberFormatException malformed) {
            throw Failure.usage("--amount '" + amount + "' is not a decimal number");
        }
    }

    Currency currency() throws Failure {
        String code = optional("currency", "GBP");
        try {
            return Currency.getInstance(code);
        } catch (IllegalArgumentException unknown) {
            throw Failure.usage("--currency '" + code + "' is not an ISO 4217 code such as GBP");
        }
    }

    /** Names the payment to the node, which then carries it out once however often it is asked for. */
    String requestId() {
        return optional("request-id", null);
    }

    /** How long the node and the network may take to answer. */
    Duration patience() throws Failure {
        String seconds = optional("wait", "300");
        try {
            return Duration.ofSeconds(Integer.parseUnsignedInt(seconds));
        } catch (NumberFormatException malformed) {
            throw Failure.usage("--wait '" + seconds + "' is not a number of seconds");
        }
    }

    private String required(String name) throws Failure {
        String value = optional(name, null);
        if (value == null || value.isEmpty()) {
            throw Failure.usage("--" + name + " is missing, and so is " + variable(name) + " in the environment");
        }
        return value;
    }

    private String optional(String name, String otherwise) {
        String value = options.get(name);
        if (value == null) {
            value = System.getenv(variable(name));
        }
        return value == null ? otherwise : value;
    }

    private static String variable(String option) {
        String name = option.equals("rpc") ? "address" : option;
        return "CORDA_RPC_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
