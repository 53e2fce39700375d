package org.cordanetes.standin.zone;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.cordanetes.standin.config.ConfigText;
import org.cordanetes.standin.http.HttpListener;
import org.cordanetes.standin.http.Request;
import org.cordanetes.standin.http.Response;
import org.cordanetes.standin.http.ServiceError;

/** Where Angels fetch what their service is to run with. */
public final class AngelDesk {
    /** The path on the ENM port. */
    public static final String PATH = "/angel/assignment";
    private final Zone zone;
    private final Config authService;

    AngelDesk(Zone zone, Config authService) {
        this.zone = zone;
        this.authService = authService;
    }

    /** What an Angel sends: its token, its service, and the hash of what it has. */
    public record Question(String token, String service, String known) {}

    /** What it gets; {@code config} is null when it already has it. */
    public record Assignment(String hash, String config, String networkParameters) {}

    void on(HttpListener enm) {
        enm.route("POST", PATH, this::answer);
    }

    private Response answer(Request request) throws IOException {
        Question question = request.json(Question.class);
        Zone.Assigned assigned = question.token() == null ? null : zone.assigned(question.token());
        if (assigned == null) {
            throw new ServiceError(403, "AUTHORISATION_ERROR", "the zone token is not known to this Zone Service");
        }
        if (!assigned.kind().name().equals(question.service())) {
            throw new ServiceError(403, "AUTHORISATION_ERROR", "the zone token belongs to a service of type "
                    + assigned.kind() + ", not " + question.service());
        }
        if (assigned.config() == null) {
            throw ServiceError.notFound("no configuration has been set for this service yet");
        }
        String config = handedOut(assigned);
        String hash = hash(config + "\0" + assigned.networkParameters());
        return Response.json(hash.equals(question.known()) ? new Assignment(hash, null, null)
                : new Assignment(hash, config, assigned.networkParameters()));
    }

    /** The uploaded configuration with the Zone Service's own authentication settings put in. */
    private String handedOut(Zone.Assigned assigned) {
        Config config = ConfigFactory.parseString(assigned.config());
        if (config.hasPath("adminListener")) {
            config = config.withValue("authServiceConfig", authService.root());
        }
        if (assigned.subzone() != null) {
            config = config.withValue("authObjectId", ConfigValueFactory.fromAnyRef(assigned.subzone()));
        }
        return ConfigText.render(config);
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
