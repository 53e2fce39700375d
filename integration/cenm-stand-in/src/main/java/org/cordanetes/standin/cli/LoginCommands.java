package org.cordanetes.standin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.cordanetes.standin.http.Json;
import org.cordanetes.standin.http.ServiceError;
import org.cordanetes.standin.launch.Arguments;
import org.cordanetes.standin.tls.StartRefused;

/** {@code context …} and {@code change-password}. */
final class LoginCommands {
    private LoginCommands() {}

    static void addTo(Commands commands) {
        commands.add("context login", Commands.options().value("--username|--user|-u").value("--password|-p")
                .value("--alias|-a").flag("--set-active|-s"), LoginCommands::login);
        commands.add("context logout", Commands.options(), run -> {
            String server = run.word("SERVER");
            if (!Contexts.ofUser().remove(server)) {
                throw ServiceError.notFound("there is no login at " + server);
            }
            return TextNode.valueOf("Logged out of " + server);
        });
        commands.add("context current", Commands.options(), run -> TextNode.valueOf(
                Contexts.ofUser().active(run.arguments().value("--use-context").orElse(null)).server()));
        commands.add("change-password", Commands.options().value("--username|--user|-u").value("--password|-p")
                .value("--new-password|-n"), run -> {
            Arguments given = run.arguments();
            new Gateway(run.word("SERVER"), null).changePassword(given.require("--username"),
                    given.require("--password"), given.require("--new-password"));
            return TextNode.valueOf("Password changed");
        });
    }

    private static JsonNode login(Invocation run) throws IOException, StartRefused {
        String server = run.word("SERVER");
        Arguments given = run.arguments();
        String user = given.require("--username");
        String token = new Gateway(server, null).login(user, password(given));
        Contexts.ofUser().add(new Contexts.Login(server, user, token, given.value("--alias").orElse(null)),
                given.has("--set-active"));
        return run.json() ? Json.object().put("server", server).put("user", user)
                : TextNode.valueOf("Logged in as " + user + " at " + server + " (CENM stand-in)");
    }

    /** Without {@code -p} the password is the first line of standard input, which no process list shows. */
    private static String password(Arguments given) throws IOException, StartRefused {
        if (given.value("--password").isPresent()) {
            return given.require("--password");
        }
        var input = new BufferedReader(new InputStreamReader(System.in,
                StandardCharsets.UTF_8));
        String line = input.readLine();
        if (line == null || line.isEmpty()) {
            throw new StartRefused("the password is missing: give it with -p or on standard input");
        }
        return line;
    }
}
