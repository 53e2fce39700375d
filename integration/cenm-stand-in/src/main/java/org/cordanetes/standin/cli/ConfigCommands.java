package org.cordanetes.standin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import org.cordanetes.standin.launch.Arguments;

/** {@code config get}, {@code set} and {@code set-admin-address} of each service, all kept by the Zone Service. */
final class ConfigCommands {
    private ConfigCommands() {}

    static void addTo(Commands commands) {
        for (String service : new String[] {"identity-manager", "signer"}) {
            commands.add(service + " config get", token(Commands.options()), run ->
                    run.configured(run.run("zone", service + "-config-get", Map.of())));
            commands.add(service + " config set", token(Commands.options()).value("--config-file|-f"), run -> {
                JsonNode set = run.run("zone", service + "-config-set", Map.of("config", run.file("--config-file")));
                return run.arguments().has("--zone-token") ? run.token(set) : done("Configuration set");
            });
            commands.add(service + " config set-admin-address", Commands.options().value("--address|-a"), run -> {
                run.run("zone", service + "-set-address", Map.of("address", run.arguments().require("--address")));
                return done("Address set");
            });
        }
        commands.add("netmap config get", token(Commands.subzoneOptions()), run ->
                run.configured(run.run("zone", "network-map-config-get", Map.of("subzone", run.subzone()))));
        commands.add("netmap config set", token(Commands.subzoneOptions()).value("--config-file|-f"), run -> {
            JsonNode set = run.run("zone", "network-map-config-set",
                    Map.of("subzone", run.subzone(), "config", run.file("--config-file")));
            return run.arguments().has("--zone-token") ? run.token(set) : done("Configuration set");
        });
        commands.add("netmap config set-admin-address", Commands.subzoneOptions().value("--address|-a"), run -> {
            run.run("zone", "network-map-set-address",
                    Map.of("subzone", run.subzone(), "address", run.arguments().require("--address")));
            return done("Address set");
        });
        commands.add("netmap config get-label", Commands.subzoneOptions(), run ->
                run.run("zone", "get-label", Map.of("subzone", run.subzone())));
        commands.add("netmap config set-label", Commands.subzoneOptions().value("--label").value("--label-color"), run -> {
            run.run("zone", "set-label", Map.of("subzone", run.subzone(), "label", run.arguments().require("--label"),
                    "labelColor", run.arguments().require("--label-color")));
            return done("Label set");
        });
    }

    private static Arguments.Known token(Arguments.Known options) {
        return options.flag("--zone-token");
    }

    private static JsonNode done(String text) {
        return TextNode.valueOf(text);
    }
}
