package org.cordanetes.standin.signer;

import com.typesafe.config.Config;
import java.io.IOException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import kotlin.Pair;
import net.corda.core.crypto.Crypto;
import net.corda.core.internal.CertRole;
import net.corda.nodeapi.internal.crypto.CertificateType;
import net.corda.nodeapi.internal.crypto.X509Utilities;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.cordanetes.standin.config.ConfigText;
import org.cordanetes.standin.http.JsonClient;
import org.cordanetes.standin.http.ServiceError;
import org.cordanetes.standin.identitymanager.Csr;
import org.cordanetes.standin.identitymanager.IssuanceProtocol;
import org.cordanetes.standin.identitymanager.IssuanceProtocol.Approved;
import org.cordanetes.standin.identitymanager.IssuanceProtocol.ApprovedList;
import org.cordanetes.standin.identitymanager.IssuanceProtocol.Issued;

/** Issues certificates to nodes and notaries whose requests the Identity Manager has approved. */
final class CsrWork implements Work {
    private final JsonClient identityManager;
    private final SigningKey key;
    private final Duration validity;
    private final String crlDistributionPoint;

    CsrWork(JsonClient identityManager, SigningKey key, Config config) {
        this.identityManager = identityManager;
        this.key = key;
        this.validity = Duration.ofDays(config.getLong("validDays"));
        this.crlDistributionPoint = ConfigText.textOr(config, "crlDistributionPoint", null);
    }

    @Override
    public List<Item> waiting() throws IOException {
        return approved().stream().map(one -> new Item(one.id(), one.legalName() + " " + one.role())).toList();
    }

    @Override
    public void sign(String id) throws IOException {
        Approved request = approved().stream().filter(one -> one.id().equals(id)).findFirst()
                .orElseThrow(() -> new ServiceError(404, "SIGNER_SIGNING_FAILED", "no approved request has the id " + id));
        issue(request);
    }

    @Override
    public int signAll() throws IOException {
        List<Approved> requests = approved();
        for (Approved request : requests) {
            issue(request);
        }
        return requests.size();
    }

    private List<Approved> approved() throws IOException {
        return identityManager.get(IssuanceProtocol.APPROVED, ApprovedList.class).requests();
    }

    private void issue(Approved request) throws IOException {
        X509Certificate certificate = certificate(Csr.parse(Base64.getDecoder().decode(request.csr())));
        List<String> chain = new ArrayList<>(List.of(SigningKey.encode(certificate)));
        chain.addAll(key.encodedChain());
        identityManager.post(IssuanceProtocol.ISSUED, new Issued(request.id(), chain), Map.class);
    }

    private X509Certificate certificate(Csr csr) throws IOException {
        boolean service = csr.role() == CertRole.SERVICE_IDENTITY;
        if (!service && csr.role() != CertRole.NODE_CA) {
            throw new ServiceError(400, "SIGNER_SIGNING_FAILED", "the role " + csr.role() + " is not signed here");
        }
        X500Principal subject = csr.subject();
        PublicKey publicKey = Crypto.toSupportedPublicKey(csr.request().getSubjectPublicKeyInfo());
        // X509Utilities itself keeps the end within that of the issuer.
        return X509Utilities.createCertificate(service ? CertificateType.SERVICE_IDENTITY : CertificateType.NODE_CA,
                key.certificate(), key.pair(), subject, publicKey, new Pair<>(Duration.ZERO, validity),
                service ? null : ownNamesOnly(csr.request().getSubject()), crlDistributionPoint, null);
    }

    /** A node's CA may issue only for its own name; what the node adds below it comes after the common name. */
    private static NameConstraints ownNamesOnly(X500Name subject) {
        List<RDN> parts = new ArrayList<>();
        for (RDN part : subject.getRDNs()) {
            if (!part.getFirst().getType().equals(BCStyle.CN)) {
                parts.add(part);
            }
        }
        X500Name base = new X500Name(parts.toArray(RDN[]::new));
        GeneralSubtree subtree = new GeneralSubtree(new GeneralName(GeneralName.directoryName, base));
        return new NameConstraints(new GeneralSubtree[] {subtree}, new GeneralSubtree[0]);
    }
}
