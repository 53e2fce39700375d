import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Scanner;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/**
 * Reads stores, chains and CRLs as the JVM of a service would, and prints what it saw. Commands come on standard
 * input, so that passwords are no arguments:
 *
 * <pre>
 * store FILE PASSWORD
 * tls2 SERVER_FILE PASSWORD TRUST_FILE PASSWORD CLIENT_FILE PASSWORD TRUST_FILE PASSWORD HOST
 * tls SERVER_FILE PASSWORD CLIENT_FILE PASSWORD TRUST_FILE PASSWORD HOST
 * path TRUST_FILE PASSWORD CHAIN_FILE CRL_FILE...
 * </pre>
 */
public final class StoreCheck {
    private final Path folder;

    private StoreCheck(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws Exception {
        StoreCheck check = new StoreCheck(Paths.get(arguments[0]));
        Scanner lines = new Scanner(System.in, "UTF-8");
        while (lines.hasNextLine()) {
            String[] words = lines.nextLine().split(" ");
            switch (words[0]) {
                case "store":
                    check.store(words[1], words[2].toCharArray());
                    break;
                case "tls":
                    check.tls(words);
                    break;
                case "tls2":
                    check.tlsOfTwoTrusts(words);
                    break;
                case "path":
                    check.path(words);
                    break;
                default:
                    throw new IllegalArgumentException(words[0]);
            }
        }
    }

    private KeyStore load(String type, String file, char[] password) throws Exception {
        KeyStore store = KeyStore.getInstance(type);
        store.load(new ByteArrayInputStream(Files.readAllBytes(folder.resolve(file))), password);
        return store;
    }

    private void store(String file, char[] password) throws Exception {
        for (String type : new String[] {"JKS", "PKCS12"}) {
            KeyStore store = load(type, file, password);
            List<String> aliases = Collections.list(store.aliases());
            Collections.sort(aliases);
            for (String alias : aliases) {
                System.out.println(file + " " + type + " " + alias + " " + describe(store, alias, password));
            }
        }
    }

    private static String describe(KeyStore store, String alias, char[] password) throws Exception {
        if (store.isCertificateEntry(alias)) {
            return "trusted";
        }
        PrivateKey key = (PrivateKey) store.getKey(alias, password);
        Certificate[] chain = store.getCertificateChain(alias);
        for (int index = 0; index < chain.length; index++) {
            chain[index].verify(chain[Math.min(index + 1, chain.length - 1)].getPublicKey());
        }
        return key.getAlgorithm() + " key, chain of " + chain.length;
    }

    private void tls(String[] words) throws Exception {
        KeyStore trust = load("JKS", words[5], words[6].toCharArray());
        connect(
                context(words[1], words[2].toCharArray(), trust),
                context(words[3], words[4].toCharArray(), trust),
                words[7]);
    }

    private void tlsOfTwoTrusts(String[] words) throws Exception {
        connect(
                context(words[1], words[2].toCharArray(), load("JKS", words[3], words[4].toCharArray())),
                context(words[5], words[6].toCharArray(), load("JKS", words[7], words[8].toCharArray())),
                words[9]);
    }

    private static void connect(SSLContext serving, SSLContext calling, String host) throws Exception {
        SSLEngine server = serving.createSSLEngine();
        server.setUseClientMode(false);
        server.setNeedClientAuth(true);
        SSLEngine client = calling.createSSLEngine(host, 443);
        client.setUseClientMode(true);
        SSLParameters parameters = client.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        client.setSSLParameters(parameters);
        handshake(client, server);
        X509Certificate peer = (X509Certificate) server.getSession().getPeerCertificates()[0];
        System.out.println("tls " + host + " from " + peer.getSubjectX500Principal());
    }

    private SSLContext context(String file, char[] password, KeyStore trust) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(load("JKS", file, password), password);
        TrustManagerFactory anchors = TrustManagerFactory.getInstance("PKIX");
        anchors.init(trust);
        SSLContext context = SSLContext.getInstance("TLSv1.2");
        context.init(keys.getKeyManagers(), anchors.getTrustManagers(), null);
        return context;
    }

    private static void handshake(SSLEngine client, SSLEngine server) throws Exception {
        ByteBuffer toServer = ByteBuffer.allocate(1 << 16);
        ByteBuffer toClient = ByteBuffer.allocate(1 << 16);
        client.beginHandshake();
        server.beginHandshake();
        for (int round = 0; round < 200; round++) {
            step(client, toServer, toClient);
            step(server, toClient, toServer);
            if (done(client) && done(server)) {
                return;
            }
        }
        throw new IllegalStateException("the handshake does not end");
    }

    private static boolean done(SSLEngine engine) {
        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
    }

    private static void step(SSLEngine engine, ByteBuffer out, ByteBuffer in) throws Exception {
        ByteBuffer sink = ByteBuffer.allocate(1 << 16);
        switch (engine.getHandshakeStatus()) {
            case NEED_WRAP:
                engine.wrap(ByteBuffer.allocate(0), out);
                break;
            case NEED_TASK:
                engine.getDelegatedTask().run();
                break;
            case NEED_UNWRAP:
                in.flip();
                engine.unwrap(in, sink);
                in.compact();
                break;
            default:
                break;
        }
    }

    private void path(String[] words) throws Exception {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509CRL> crls = new ArrayList<>();
        for (int index = 4; index < words.length; index++) {
            byte[] der = Files.readAllBytes(folder.resolve(words[index]));
            crls.add((X509CRL) factory.generateCRL(new ByteArrayInputStream(der)));
        }
        byte[] chain = Files.readAllBytes(folder.resolve(words[3]));
        CertPath path = factory.generateCertPath(
                new ArrayList<>(factory.generateCertificates(new ByteArrayInputStream(chain))));
        PKIXParameters parameters = new PKIXParameters(load("JKS", words[1], words[2].toCharArray()));
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(crls)));
        CertPathValidator validator = CertPathValidator.getInstance("PKIX");
        PKIXRevocationChecker checker = (PKIXRevocationChecker) validator.getRevocationChecker();
        checker.setOptions(EnumSet.of(
                PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK));
        parameters.addCertPathChecker(checker);
        try {
            validator.validate(path, parameters);
            System.out.println("path of " + path.getCertificates().size() + " with " + crls.size() + " CRLs: valid");
        } catch (java.security.cert.CertPathValidatorException refused) {
            System.out.println("path of " + path.getCertificates().size() + " with " + crls.size() + " CRLs: "
                    + refused.getReason());
        }
    }
}
