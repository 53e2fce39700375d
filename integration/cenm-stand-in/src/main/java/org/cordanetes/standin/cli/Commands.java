package org.cordanetes.standin.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cordanetes.standin.launch.Arguments;

/** Every command that the stand-in has; names and options are those of R3's tool. */
final class Commands {
    private final List<Command> all = new ArrayList<>();

    Commands() {
        LoginCommands.addTo(this);
        ConfigCommands.addTo(this);
        ZoneCommands.addTo(this);
        SignerCommands.addTo(this);
        reading("identity-manager status", "identity-manager", "status");
        reading("identity-manager plugins", "identity-manager", "plugins");
        reading("identity-manager crl get", "identity-manager", "crl-get");
        for (String state : List.of("approved", "pending")) {
            for (String kind : List.of("csr", "crr")) {
                add("identity-manager " + kind + " " + state, options(), run ->
                        run.run("identity-manager", kind + "-list", Map.of("state", state)));
            }
        }
        add("identity-manager cert-path", options().value("--name|-n"), run ->
                run.run("identity-manager", "cert-path", Map.of("legalName", run.arguments().require("--name"))));
        add("identity-manager crr submit", options().value("--name|-n").value("--request-id|-i").value("--serial|-s")
                .value("--reporter|-e").value("--reason|-r"), run -> {
            Arguments given = run.arguments();
            var request = new HashMap<String, String>();
            given.value("--name").ifPresent(value -> request.put("legalName", value));
            given.value("--request-id").ifPresent(value -> request.put("requestId", value));
            given.value("--serial").ifPresent(value -> request.put("serial", value));
            request.put("reporter", given.require("--reporter"));
            request.put("reason", given.require("--reason"));
            return run.run("identity-manager", "crr-submit", request);
        });
        for (String name : List.of("status", "node-infos")) {
            inSubzone("netmap " + name, name);
        }
        inSubzone("netmap netparams get", "netparams-get");
    }

    List<Command> all() {
        return all;
    }

    void add(String words, Arguments.Known options, Command.Action action) {
        all.add(new Command(words, options, action));
    }

    void reading(String words, String service, String operation) {
        add(words, options(), run -> run.run(service, operation, Map.of()));
    }

    private void inSubzone(String words, String operation) {
        add(words, subzoneOptions(), run -> {
            String subzone = run.subzone();
            return run.gateway().run("network-map", operation, subzone, Map.of());
        });
    }

    /** The options that every command has. */
    static Arguments.Known options() {
        return new Arguments.Known().value("--use-context|-c").value("--output-type|-o");
    }

    static Arguments.Known subzoneOptions() {
        return options().value("--subzone-id|-s");
    }
}
