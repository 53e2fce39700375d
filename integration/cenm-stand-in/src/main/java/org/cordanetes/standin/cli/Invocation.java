package org.cordanetes.standin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.cordanetes.standin.http.ServiceError;
import org.cordanetes.standin.launch.Arguments;
import org.cordanetes.standin.tls.StartRefused;

/** One run of a command: its options, its further words, and the Gateway of the login in use. */
final class Invocation {
    private final Arguments arguments;
    private final List<String> further;
    private Gateway gateway;

    Invocation(Arguments arguments, List<String> further) {
        this.arguments = arguments;
        this.further = further;
    }

    Arguments arguments() {
        return arguments;
    }

    /** The word after the command, such as a server or a request id. */
    String word(String what) throws StartRefused {
        if (further.size() != 1) {
            throw new StartRefused("this command needs exactly one " + what);
        }
        return further.get(0);
    }

    Gateway gateway() throws IOException {
        if (gateway == null) {
            Contexts.Login login = Contexts.ofUser().active(arguments.value("--use-context").orElse(null));
            gateway = new Gateway(login.server(), login.token());
        }
        return gateway;
    }

    JsonNode run(String service, String operation, Map<String, ?> values) throws IOException {
        return gateway().run(service, operation, null, values);
    }

    String subzone() throws IOException {
        return gateway().subzone(arguments.value("--subzone-id").orElse(null));
    }

    boolean json() {
        return arguments.value("--output-type").orElse("pretty").equals("json");
    }

    String file(String option) throws StartRefused {
        Path path = Path.of(arguments.require(option));
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new StartRefused("the file " + path + " cannot be read: " + e, e);
        }
    }

    /** A configuration: its token when asked for, else its text. */
    JsonNode configured(JsonNode configured) {
        if (!arguments.has("--zone-token")) {
            return json() ? configured : TextNode.valueOf(configured.path("config").asText());
        }
        return token(configured);
    }

    /** Just the token; scripts store what is printed, so that only a real token may come out. */
    JsonNode token(JsonNode configured) {
        String token = configured.path("token").asText("");
        if (token.isEmpty()) {
            throw ServiceError.notFound("the Zone Service gave no token");
        }
        return json() ? configured : TextNode.valueOf(token);
    }
}
