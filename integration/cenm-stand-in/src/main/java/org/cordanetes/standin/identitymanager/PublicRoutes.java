package org.cordanetes.standin.identitymanager;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.cordanetes.standin.http.HttpListener;
import org.cordanetes.standin.http.Request;
import org.cordanetes.standin.http.Response;
import org.cordanetes.standin.http.ServiceError;

/** The public HTTP interface, as an unmodified Corda node speaks to it. */
final class PublicRoutes {
    private final Requests requests;
    private final Revocations revocations;
    private final int pollSeconds;
    private final int minimumPlatformVersion;

    PublicRoutes(Requests requests, Revocations revocations, int pollSeconds, int minimumPlatformVersion) {
        this.requests = requests;
        this.revocations = revocations;
        this.pollSeconds = pollSeconds;
        this.minimumPlatformVersion = minimumPlatformVersion;
    }

    void on(HttpListener http) {
        http.route("GET", "/status", request -> Response.text(200, "OK"))
                .route("POST", "/certificate", this::submit)
                .route("GET", "/certificate/{id}", this::poll)
                .route("GET", "/certificate-revocation-list/{name}", this::list)
                .route("POST", "/certificate-revocation-request",
                        request -> Response.json(revocations.revoke(request.json())));
    }

    private Response submit(Request request) throws IOException {
        String version = request.header("X-Corda-Platform-Version") != null
                ? request.header("X-Corda-Platform-Version") : request.header("Platform-Version");
        if (version != null && version.matches("\\d{1,9}") && Integer.parseInt(version) < minimumPlatformVersion) {
            return Response.text(400, "the platform version " + version + " is lower than " + minimumPlatformVersion
                    + ", which this network needs");
        }
        try {
            return Response.text(200, requests.submit(request.body()));
        } catch (ServiceError e) {
            // A node shows the body to its operator: plain words, not JSON.
            return Response.text(e.status(), e.getMessage());
        }
    }

    private Response poll(Request request) throws IOException {
        String id = request.variable("id");
        CertificateRequest found = requests.find(id).orElse(null);
        if (found == null) {
            return Response.text(404, "Failed to find the request with id: " + id + " in approved or done requests");
        }
        return switch (found.status()) {
            case APPROVED -> Response.empty(204).with("Cache-Control", "max-age=" + pollSeconds);
            case REJECTED -> Response.text(401, "Rejection reason code: " + found.rejection().code()
                            + " Description: " + found.rejectionText())
                    .with("CSR-Rejection-Reason", String.valueOf(found.rejection().code()));
            case ISSUED -> Response.bytes("application/zip", zip(found.certificates()));
        };
    }

    private Response list(Request request) {
        return revocations.list(request.variable("name"))
                .map(der -> Response.bytes("application/pkix-crl", der).with("Cache-Control", "max-age=30"))
                .orElseGet(() -> Response.text(404, "there is no certificate revocation list '"
                        + request.variable("name") + "' (yet)"));
    }

    /** Nodes read the entries by their order: own certificate first, root last. */
    private static byte[] zip(List<String> certificates) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < certificates.size(); i++) {
                String name = i == 0 ? "cordaclientca" : i == certificates.size() - 1 ? "cordarootca" : "cordaissuer" + i;
                zip.putNextEntry(new ZipEntry(name + ".cer"));
                zip.write(Base64.getDecoder().decode(certificates.get(i)));
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }
}
