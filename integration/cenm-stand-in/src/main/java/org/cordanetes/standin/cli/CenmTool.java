package org.cordanetes.standin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.cordanetes.standin.http.ServiceError;
import org.cordanetes.standin.tls.StartRefused;

/** {@code bin/cenm-tool.jar}: exit code 0 only when the command did what it says, else 1 and a code with its cause. */
public final class CenmTool {
    private CenmTool() {}

    public static void main(String[] args) {
        // To standard error: scripts store what standard output says.
        System.err.println("CENM command line (Cordanetes STAND-IN for R3's tool, for tests only)");
        System.exit(run(args));
    }

    private static int run(String[] args) {
        try {
            Command command = find(args).orElse(null);
            if (command == null) {
                System.err.println("GENERAL_ERROR: the stand-in has no command '" + String.join(" ", words(args))
                        + "'. It has:\n  " + String.join("\n  ",
                        new Commands().all().stream().map(Command::words).sorted().toList()));
                return 1;
            }
            int used = command.words().split(" ").length;
            var arguments = command.options().parse(Arrays.copyOfRange(args, used, args.length));
            Invocation invocation = new Invocation(arguments, arguments.words());
            JsonNode result = command.action().run(invocation);
            if (result != null) {
                System.out.println(Output.of(result, invocation.json()));
            }
            return 0;
        } catch (ServiceError e) {
            System.err.println(e.code() + ": " + e.getMessage());
        } catch (StartRefused e) {
            System.err.println("INVALID_REQUEST_CONTENT: " + e.getMessage());
        } catch (IOException e) {
            System.err.println("GENERAL_ERROR: " + e.getMessage());
        }
        return 1;
    }

    /** The command whose words come first in the arguments; of several the longest. */
    private static Optional<Command> find(String[] args) {
        String line = String.join(" ", words(args)) + " ";
        return new Commands().all().stream().filter(command -> line.startsWith(command.words() + " "))
                .max(Comparator.comparingInt(command -> command.words().length()));
    }

    private static List<String> words(String[] args) {
        List<String> words = new ArrayList<>();
        for (String arg : args) {
            if (arg.startsWith("-")) {
                break;
            }
            words.add(arg);
        }
        return words;
    }
}
