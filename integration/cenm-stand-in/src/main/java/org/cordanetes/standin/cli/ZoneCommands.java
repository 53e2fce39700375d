package org.cordanetes.standin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.cordanetes.standin.config.ConfigException;
import org.cordanetes.standin.http.ServiceError;
import org.cordanetes.standin.launch.Arguments;
import org.cordanetes.standin.networkmap.ParametersText;
import org.cordanetes.standin.tls.StartRefused;

/** {@code zone …}. */
final class ZoneCommands {
    private ZoneCommands() {}

    static void addTo(Commands commands) {
        commands.reading("zone status", "zone", "status");
        commands.reading("zone get-subzones", "zone", "get-subzones");
        commands.add("zone addresses", Commands.subzoneOptions(), run -> run.run("zone", "addresses",
                Map.of("subzone", run.arguments().value("--subzone-id").orElse(""))));
        commands.add("zone create-subzone", Commands.options().value("--config-file").value("--network-map-address")
                .value("--network-parameters").value("--label").value("--label-color").flag("--zone-token"),
                ZoneCommands::createSubzone);
    }

    private static JsonNode createSubzone(Invocation run) throws IOException, StartRefused {
        Arguments given = run.arguments();
        String parameters = run.file("--network-parameters");
        requireNodeInfos(parameters, given.require("--network-parameters"));
        JsonNode made = run.run("zone", "create-subzone", Map.of(
                "config", run.file("--config-file"),
                "networkMapAddress", given.require("--network-map-address"),
                "networkParameters", parameters,
                "label", given.require("--label"),
                "labelColor", given.value("--label-color").orElse("#000000")));
        if (given.has("--zone-token")) {
            return run.token(made);
        }
        return run.json() ? made : TextNode.valueOf("Subzone created with id " + made.path("id").asText());
    }

    /** As R3's tool does, this one reads the notaries' files too, so that a wrong path is found before anything is made. */
    private static void requireNodeInfos(String text, String file) {
        try {
            for (String nodeInfo : ParametersText.nodeInfoFiles(ParametersText.read(text, file))) {
                if (!Files.isReadable(Path.of(nodeInfo))) {
                    throw new ServiceError(400, "NETWORK_MAP_PARAMETERS_FILE_NOT_FOUND",
                            "the notary's NodeInfo file " + nodeInfo + " cannot be read here");
                }
            }
        } catch (ConfigException e) {
            throw new ServiceError(400, "ZONE_SERVICE_CONFIG_VALIDATION_FAILED", String.join("; ", e.problems()));
        }
    }
}
