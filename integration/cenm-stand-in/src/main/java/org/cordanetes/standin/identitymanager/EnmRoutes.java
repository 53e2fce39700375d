package org.cordanetes.standin.identitymanager;

import java.util.List;
import java.util.Map;
import org.cordanetes.standin.http.HttpListener;
import org.cordanetes.standin.http.Response;
import org.cordanetes.standin.identitymanager.CertificateRequest.Status;
import org.cordanetes.standin.identitymanager.IssuanceProtocol.Approved;
import org.cordanetes.standin.identitymanager.IssuanceProtocol.ApprovedList;
import org.cordanetes.standin.identitymanager.IssuanceProtocol.Fingerprints;
import org.cordanetes.standin.identitymanager.IssuanceProtocol.Issued;
import org.cordanetes.standin.identitymanager.IssuanceProtocol.SignedCrl;

/** What the Signing Service and the Network Map ask over the issuance and revocation ports. */
final class EnmRoutes {
    private final Requests requests;
    private final Revocations revocations;

    EnmRoutes(Requests requests, Revocations revocations) {
        this.requests = requests;
        this.revocations = revocations;
    }

    void issuance(HttpListener enm) {
        enm.route("GET", IssuanceProtocol.APPROVED, request -> Response.json(new ApprovedList(
                requests.inStatus(Status.APPROVED).stream().map(one ->
                        new Approved(one.id(), one.legalName(), one.role(), one.csr())).toList())));
        enm.route("POST", IssuanceProtocol.ISSUED, request -> {
            Issued issued = request.json(Issued.class);
            requests.issue(issued.id(), issued.certificates());
            return Response.json(Map.of());
        });
        enm.route("POST", IssuanceProtocol.UNKNOWN, request -> {
            List<String> unknown = request.json(Fingerprints.class).fingerprints().stream().filter(fingerprint -> {
                String serial = requests.serial(fingerprint);
                return serial == null || revocations.isRevoked(serial);
            }).toList();
            return Response.json(new Fingerprints(unknown));
        });
    }

    void revocation(HttpListener enm) {
        enm.route("GET", IssuanceProtocol.REVOCATION_MATERIAL, request -> Response.json(revocations.material()));
        enm.route("POST", IssuanceProtocol.CRL, request -> {
            revocations.accept(request.json(SignedCrl.class).crl());
            return Response.json(Map.of());
        });
    }
}
