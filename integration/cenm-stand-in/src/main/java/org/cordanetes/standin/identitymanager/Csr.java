package org.cordanetes.standin.identitymanager;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Provider;
import java.util.HexFormat;
import javax.security.auth.x500.X500Principal;
import net.corda.core.identity.CordaX500Name;
import net.corda.core.internal.CertRole;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.Attribute;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.cordanetes.standin.http.ServiceError;

/** A certificate signing request as a Corda node sends it. */
public final class Csr {
    private static final Provider BOUNCY_CASTLE = new BouncyCastleProvider();
    private static final ASN1ObjectIdentifier ROLE = new ASN1ObjectIdentifier("1.3.6.1.4.1.50530.1.1");
    private final PKCS10CertificationRequest request;

    private Csr(PKCS10CertificationRequest request) {
        this.request = request;
    }

    /** Parses DER and checks that the sender holds the private key. */
    public static Csr parse(byte[] der) {
        try {
            PKCS10CertificationRequest request = new PKCS10CertificationRequest(der);
            boolean genuine = request.isSignatureValid(new JcaContentVerifierProviderBuilder()
                    .setProvider(BOUNCY_CASTLE).build(request.getSubjectPublicKeyInfo()));
            if (!genuine) {
                throw ServiceError.invalid("the signature of the certificate signing request is not valid");
            }
            return new Csr(request);
        } catch (IOException | OperatorCreationException | PKCSException | IllegalArgumentException e) {
            throw ServiceError.invalid("the body is not a certificate signing request: " + e.getMessage());
        }
    }

    public PKCS10CertificationRequest request() {
        return request;
    }

    /** The subject in the order in which the node wrote it. */
    public X500Principal subject() {
        try {
            return new X500Principal(request.getSubject().getEncoded());
        } catch (IOException e) {
            throw new IllegalStateException("it was parsed from an encoding", e);
        }
    }

    /** @throws IllegalArgumentException when it is not a name that Corda accepts */
    public CordaX500Name legalName() {
        return CordaX500Name.build(subject());
    }

    /** The role that the node asks for; without the attribute it is a node's own CA. */
    public CertRole role() {
        for (Attribute attribute : request.getAttributes(ROLE)) {
            int number = ASN1Integer.getInstance(attribute.getAttrValues().getObjectAt(0)).intValueExact();
            return number >= 1 && number <= CertRole.values().length ? CertRole.values()[number - 1] : null;
        }
        return CertRole.NODE_CA;
    }

    public String keyHash() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256")
                    .digest(request.getSubjectPublicKeyInfo().getEncoded()));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every Java has SHA-256 and the key was parsed", e);
        }
    }
}
