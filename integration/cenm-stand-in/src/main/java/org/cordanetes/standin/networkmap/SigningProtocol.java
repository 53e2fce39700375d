package org.cordanetes.standin.networkmap;

import java.util.List;

/** What goes over the Network Map's ENM port. Byte strings are Base64. */
public final class SigningProtocol {
    public static final String NETWORK_MAP = "/signing/network-map";
    public static final String NETWORK_PARAMETERS = "/signing/network-parameters";

    private SigningProtocol() {}

    /** What waits for a signature; all null when nothing does. */
    public record Unsigned(String hash, String content, String description) {
        public static final Unsigned NOTHING = new Unsigned(null, null, null);
    }

    /** A signature over the content with this hash, and the signer's certificate with its issuers. */
    public record Signed(String hash, String signature, List<String> certificates) {}
}
