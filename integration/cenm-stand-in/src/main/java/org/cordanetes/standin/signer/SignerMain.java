package org.cordanetes.standin.signer;

import com.typesafe.config.Config;
import java.nio.file.Path;
import org.cordanetes.standin.access.AdminListener;
import org.cordanetes.standin.config.ConfigException;
import org.cordanetes.standin.config.ConfigText;
import org.cordanetes.standin.launch.AngelLink;
import org.cordanetes.standin.launch.Arguments;
import org.cordanetes.standin.launch.Launch;
import org.cordanetes.standin.tls.StartRefused;

/** {@code bin/signer.jar}: a client of the Identity Manager and the Network Map, never their server. */
public final class SignerMain {
    private SignerMain() {}

    public static void main(String[] args) {
        Launch.service("Signing Service", "signing-service", launch -> start(launch, args));
    }

    private static void start(Launch launch, String[] args) throws ConfigException, StartRefused {
        Arguments arguments = new Arguments.Known().value("--config-file|-f").value("--working-dir").parse(args);
        AngelLink.read();
        Config config = ConfigText.read(Path.of(arguments.require("--config-file")), SignerConfig.shape(false));
        if (!config.hasPath("adminListener")) {
            throw new StartRefused("the stand-in has no shell; give the Signing Service an 'adminListener'");
        }
        Signers signers = Signers.of(config);
        AdminListener admin = launch.keep(AdminListener.bind("Signing Service", config, "signer"));
        new SignerAdmin(signers).on(admin);
        for (Signers.Signer signer : signers.all()) {
            signer.interval().ifPresent(interval -> launch.keep(new Schedule(signer.name(), signer.work(), interval)).start());
        }
        admin.start();
    }
}
