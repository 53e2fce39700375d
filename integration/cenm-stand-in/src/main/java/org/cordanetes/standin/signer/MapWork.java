package org.cordanetes.standin.signer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import net.corda.core.crypto.SecureHash;
import org.cordanetes.standin.http.JsonClient;
import org.cordanetes.standin.http.ServiceError;
import org.cordanetes.standin.networkmap.SigningProtocol.Signed;
import org.cordanetes.standin.networkmap.SigningProtocol.Unsigned;

/** Signs network maps or network parameters: both are bytes with a hash that a Network Map offers. */
final class MapWork implements Work {
    private final List<JsonClient> networkMaps;
    private final String path;
    private final SigningKey key;

    /** @param path which of the two, by its path in the signing protocol */
    MapWork(List<JsonClient> networkMaps, String path, SigningKey key) {
        this.networkMaps = networkMaps;
        this.path = path;
        this.key = key;
    }

    private record Offer(JsonClient from, Unsigned unsigned) {}

    @Override
    public List<Item> waiting() throws IOException {
        return offers().stream().map(offer -> new Item(offer.unsigned().hash(), offer.unsigned().description())).toList();
    }

    @Override
    public void sign(String hash) throws IOException {
        for (Offer offer : offers()) {
            if (offer.unsigned().hash().equalsIgnoreCase(hash)) {
                sign(offer);
                return;
            }
        }
        throw new ServiceError(404, "SIGNER_SIGNING_FAILED", "nothing with the hash " + hash + " waits for a signature");
    }

    @Override
    public int signAll() throws IOException {
        List<Offer> offers = offers();
        for (Offer offer : offers) {
            sign(offer);
        }
        return offers.size();
    }

    private List<Offer> offers() throws IOException {
        List<Offer> offers = new ArrayList<>();
        for (JsonClient networkMap : networkMaps) {
            Unsigned unsigned = networkMap.get(path, Unsigned.class);
            if (unsigned.hash() != null) {
                offers.add(new Offer(networkMap, unsigned));
            }
        }
        return offers;
    }

    private void sign(Offer offer) throws IOException {
        byte[] content = Base64.getDecoder().decode(offer.unsigned().content());
        String hash = SecureHash.sha256(content).toString();
        if (!hash.equals(offer.unsigned().hash())) {
            throw new ServiceError(400, "SIGNER_SIGNING_FAILED", "the content offered does not have the hash that it claims");
        }
        offer.from().post(path, new Signed(hash, Base64.getEncoder().encodeToString(key.sign(content)),
                key.encodedChain()), Map.class);
    }
}
