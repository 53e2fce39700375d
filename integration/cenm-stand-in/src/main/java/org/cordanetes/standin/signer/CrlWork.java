package org.cordanetes.standin.signer;

import com.typesafe.config.Config;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import net.corda.core.crypto.Crypto;
import net.corda.core.crypto.SignatureScheme;
import net.corda.nodeapi.internal.crypto.ContentSignerBuilder;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.cordanetes.standin.http.JsonClient;
import org.cordanetes.standin.identitymanager.IssuanceProtocol.RevocationMaterial;
import org.cordanetes.standin.identitymanager.IssuanceProtocol.Revoked;
import org.cordanetes.standin.identitymanager.IssuanceProtocol.SignedCrl;
import org.cordanetes.standin.identitymanager.IssuanceProtocol;

/** Signs the list of revoked node certificates; every run makes a fresh one. */
final class CrlWork implements Work {
    private final JsonClient identityManager;
    private final SigningKey key;
    private final Duration lifetime;
    private final String distributionPoint;

    CrlWork(JsonClient identityManager, SigningKey key, Config config) {
        this.identityManager = identityManager;
        this.key = key;
        this.lifetime = Duration.ofMillis(config.getLong("updatePeriod"));
        this.distributionPoint = config.getString("crlDistributionPoint");
    }

    @Override
    public List<Item> waiting() throws IOException {
        RevocationMaterial material = material();
        return List.of(new Item("", material.revoked().size() + " revoked, last list number " + material.lastNumber()));
    }

    RevocationMaterial material() throws IOException {
        return identityManager.get(IssuanceProtocol.REVOCATION_MATERIAL, RevocationMaterial.class);
    }

    @Override
    public void sign(String id) throws IOException {
        byte[] crl = list(material());
        identityManager.post(IssuanceProtocol.CRL, new SignedCrl(Base64.getEncoder().encodeToString(crl)), Map.class);
    }

    private byte[] list(RevocationMaterial material) throws IOException {
        Instant now = Instant.now();
        X509v2CRLBuilder builder = new X509v2CRLBuilder(
                X500Name.getInstance(key.certificate().getSubjectX500Principal().getEncoded()), Date.from(now));
        builder.setNextUpdate(Date.from(now.plus(lifetime)));
        for (Revoked one : material.revoked()) {
            builder.addCRLEntry(new BigInteger(one.serial(), 16), new Date(one.revokedAt()), reason(one.reason()));
        }
        GeneralName url = new GeneralName(GeneralName.uniformResourceIdentifier, distributionPoint);
        try {
            builder.addExtension(Extension.authorityKeyIdentifier, false,
                    new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(key.certificate()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-1 for key identifiers", e);
        }
        builder.addExtension(Extension.issuingDistributionPoint, true, new IssuingDistributionPoint(
                new DistributionPointName(new GeneralNames(url)), false, false));
        builder.addExtension(Extension.cRLNumber, false, new CRLNumber(BigInteger.valueOf(material.lastNumber() + 1)));
        SignatureScheme scheme = Crypto.findSignatureScheme(key.pair().getPrivate());
        return builder.build(ContentSignerBuilder.INSTANCE.build(scheme, key.pair().getPrivate(),
                Crypto.findProvider(scheme.getProviderName()), null, false)).getEncoded();
    }

    private static int reason(String name) {
        return switch (name) {
            case "KEY_COMPROMISE" -> CRLReason.keyCompromise;
            case "CA_COMPROMISE" -> CRLReason.cACompromise;
            case "AFFILIATION_CHANGED" -> CRLReason.affiliationChanged;
            case "SUPERSEDED" -> CRLReason.superseded;
            case "CESSATION_OF_OPERATION" -> CRLReason.cessationOfOperation;
            case "PRIVILEGE_WITHDRAWN" -> CRLReason.privilegeWithdrawn;
            default -> CRLReason.unspecified;
        };
    }
}
