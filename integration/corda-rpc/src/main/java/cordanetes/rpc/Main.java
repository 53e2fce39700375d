package cordanetes.rpc;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import net.corda.client.rpc.PermissionException;
import net.corda.core.identity.CordaX500Name;
import net.corda.core.identity.Party;

/** The command line: one command, one connection, one line of JSON on standard output. */
public final class Main {
    private static final String HELP = String.join("\n",
            "corda-rpc COMMAND --rpc HOST:PORT --user NAME --password-file FILE [--wait SECONDS]",
            "",
            "  network                    the node's name, its notaries and its network map",
            "  balance [--currency GBP]   the node's cash",
            "  payment --to 'O=PartyB,L=New York,C=US' --amount 100 [--currency GBP] [--request-id ID]",
            "                             issues cash, pays it, and checks on the ledger that it arrived",
            "",
            "Each option can be an environment variable instead: CORDA_RPC_ADDRESS, CORDA_RPC_USER, CORDA_RPC_PASSWORD_FILE, ...",
            "Progress goes to standard error. Exit codes: 0 done, 1 failed, 2 wrong input.");

    private Main() {}

    /** Runs one command. */
    public static void main(String[] words) {
        // Artemis and Netty leave threads behind: the program ends here whatever they do.
        System.exit(run(Arrays.asList(words)));
    }

    private static int run(List<String> words) {
        if (words.isEmpty() || words.contains("--help")) {
            System.err.println(HELP);
            return words.isEmpty() ? Failure.WRONG_INPUT : 0;
        }
        try {
            System.out.println(Json.write(command(words.get(0), new Arguments(words.subList(1, words.size())))));
            return 0;
        } catch (Failure failure) {
            System.err.println("corda-rpc: " + failure.getMessage());
            return failure.exitCode();
        } catch (InterruptedException interrupted) {
            System.err.println("corda-rpc: interrupted");
            return Failure.FAILED;
        } catch (PermissionException refused) {
            System.err.println("corda-rpc: the user may not do this; add the call to the permissions of its rpcUsers entry"
                    + " in node.conf: " + refused.getMessage());
            return Failure.FAILED;
        } catch (RuntimeException broken) {
            System.err.println("corda-rpc: the call failed, see the node's log: " + broken);
            return Failure.FAILED;
        }
    }

    private static Map<String, Object> command(String name, Arguments arguments) throws Failure, InterruptedException {
        switch (name) {
            case "network":
                return network(arguments);
            case "balance":
                return balance(arguments);
            case "payment":
                return payment(arguments);
            default:
                throw Failure.usage("unknown command " + name);
        }
    }

    private static Map<String, Object> network(Arguments arguments) throws Failure, InterruptedException {
        try (NodeConnection connection = connect(arguments, new Deadline(arguments.patience()))) {
            return new NetworkView(connection.node()).describe();
        }
    }

    private static Map<String, Object> balance(Arguments arguments) throws Failure, InterruptedException {
        Currency currency = arguments.currency();
        Deadline deadline = new Deadline(arguments.patience());
        try (NodeConnection connection = connect(arguments, deadline)) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("node", new NetworkView(connection.node()).ownName());
            result.put("balance", new Payment(connection.node(), null, deadline).balance(currency));
            result.put("currency", currency);
            return result;
        }
    }

    private static Map<String, Object> payment(Arguments arguments) throws Failure, InterruptedException {
        CordaX500Name recipient = arguments.recipient();
        Currency currency = arguments.currency();
        BigDecimal amount = arguments.amount();
        Deadline deadline = new Deadline(arguments.patience());
        try (NodeConnection connection = connect(arguments, deadline)) {
            NetworkView network = new NetworkView(connection.node());
            Party to = network.await(recipient, deadline);
            // The notary is in the parameters from the start; its address arrives with its own NodeInfo.
            Party notary = network.await(network.notary().getName(), deadline);
            return new Payment(connection.node(), arguments.requestId(), deadline).pay(to, amount, currency, notary);
        }
    }

    private static NodeConnection connect(Arguments arguments, Deadline deadline) throws Failure, InterruptedException {
        return NodeConnection.open(arguments.rpcAddress(), arguments.user(), arguments.password(), deadline);
    }
}
