package cordanetes.acceptance;

import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Scanner;

/**
 * Asks Corda's own code what it thinks of stores and chains. One command a line on standard input, so that passwords
 * are no arguments; one line of answer each:
 *
 * <pre>
 * signer STORE PASSWORD KEY_PASSWORD ALIAS ROLE TRUST TRUST_PASSWORD
 * identity STORE PASSWORD KEY_PASSWORD ALIAS TRUST TRUST_PASSWORD
 * </pre>
 *
 * <p>{@code signer} opens the store, takes the key, and follows its chain up to a root of the trust store, with the role
 * and its parents. {@code identity} lets the key issue a node's certificates and verifies the node's identity.
 */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        Path folder = Paths.get(arguments[0]);
        Scanner lines = new Scanner(System.in, "UTF-8");
        while (lines.hasNextLine()) {
            String line = lines.nextLine();
            System.out.println(line.split(" ")[1] + ": " + answer(new Acceptance(folder), line.split(" ")));
        }
    }

    private static String answer(Acceptance acceptance, String[] words) {
        try {
            switch (words[0]) {
                case "signer":
                    return acceptance.signer(words);
                case "identity":
                    return acceptance.identity(words);
                default:
                    throw new IllegalArgumentException("unknown command " + words[0]);
            }
        } catch (Exception refused) {
            return "refused, " + refused.getClass().getSimpleName() + ": " + firstLine(refused.getMessage());
        }
    }

    private static String firstLine(String message) {
        return message == null ? "" : message.split("\n", 2)[0];
    }
}
