package org.cordanetes.standin.networkmap;

import static org.cordanetes.standin.config.Shapes.bool;
import static org.cordanetes.standin.config.Shapes.duration;
import static org.cordanetes.standin.config.Shapes.integer;
import static org.cordanetes.standin.config.Shapes.listOf;
import static org.cordanetes.standin.config.Shapes.text;

import com.typesafe.config.Config;
import java.util.List;
import org.cordanetes.standin.config.Block;
import org.cordanetes.standin.config.ConfigException;
import org.cordanetes.standin.config.ConfigText;
import org.cordanetes.standin.config.Shape;

/** The plain-text network parameters, as {@code create-subzone} takes them. */
public final class ParametersText {
    private ParametersText() {}

    public static Config read(String text, String name) throws ConfigException {
        return ConfigText.checked(ConfigText.parse(text, name), shape(), name);
    }

    /** The NodeInfo files that the text names. */
    public static List<String> nodeInfoFiles(Config parameters) {
        return parameters.getConfigList("notaries").stream().filter(notary -> notary.hasPath("notaryNodeInfoFile"))
                .map(notary -> notary.getString("notaryNodeInfoFile")).toList();
    }

    private static Shape shape() {
        return new Block()
                .required("minimumPlatformVersion", integer())
                .required("notaries", listOf(new Block()
                        .optional("notaryNodeInfoFile", text())
                        .optional("notaryX500Name", text())
                        .required("validating", bool())
                        .rule((rule, object) -> {
                            if (object.containsKey("notaryNodeInfoFile") == object.containsKey("notaryX500Name")) {
                                rule.problem("exactly one of 'notaryNodeInfoFile' and 'notaryX500Name' must be given");
                            }
                        })))
                .required("maxMessageSize", integer())
                .required("maxTransactionSize", integer())
                .required("eventHorizonDays", integer())
                .optional("whitelistContracts", new Block()
                        .optional("cordappsJars", listOf(text()))
                        .optional("exclude", listOf(text()))
                        .optional("contracts", listOf(new Block()
                                .required("className", text())
                                .required("attachmentIds", listOf(text())))))
                .optional("packageOwnership", listOf(new Block()
                        .required("packageName", text())
                        .required("publicKeyPath", text())
                        .required("algorithm", text())))
                .optional("epoch", integer())
                .optional("parametersUpdate", new Block()
                        .required("description", text())
                        .required("updateDeadline", text()))
                .optional("recoveryMaximumBackupInterval", duration())
                .optional("confidentialIdentityMinimumBackupInterval", duration());
    }
}
