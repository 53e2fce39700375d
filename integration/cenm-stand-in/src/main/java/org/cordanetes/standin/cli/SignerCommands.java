package org.cordanetes.standin.cli;

import java.util.Map;

/** {@code signer …}: what waits for a signature, and signing it. */
final class SignerCommands {
    private SignerCommands() {}

    static void addTo(Commands commands) {
        commands.reading("signer status", "signer", "status");
        commands.reading("signer list", "signer", "list");
        commands.reading("signer zone-material", "signer", "zone-material");
        commands.reading("signer csr list", "signer", "csr-unsigned");
        commands.add("signer csr sign", Commands.options(), run ->
                run.run("signer", "csr-sign", Map.of("id", run.word("REQUEST_ID"))));
        commands.reading("signer crl get", "identity-manager", "crl-get");
        commands.reading("signer crl crrs", "signer", "crl-unsigned");
        commands.add("signer crl sign", Commands.options().value("--hash|-h"), run ->
                run.run("signer", "crl-sign", Map.of()));
        commands.add("signer netmap material", Commands.subzoneOptions(), run ->
                run.run("signer", "subzone-material", subzone(run)));
        pair(commands, "signer netmap", "netmap");
        pair(commands, "signer netmap netparams", "netparams");
    }

    private static void pair(Commands commands, String words, String operation) {
        commands.add(words + " unsigned", Commands.subzoneOptions().flag("--node-infos"), run ->
                run.run("signer", operation + "-unsigned", subzone(run)));
        commands.add(words + " sign", Commands.subzoneOptions().value("--hash|-h"), run ->
                run.run("signer", operation + "-sign", Map.of("id", run.arguments().require("--hash"),
                        "subzone", run.arguments().value("--subzone-id").orElse(""))));
    }

    private static Map<String, String> subzone(Invocation run) {
        return Map.of("subzone", run.arguments().value("--subzone-id").orElse(""));
    }
}
