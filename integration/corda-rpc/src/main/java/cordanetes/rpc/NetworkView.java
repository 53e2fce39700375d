package cordanetes.rpc;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import net.corda.core.identity.CordaX500Name;
import net.corda.core.identity.Party;
import net.corda.core.messaging.CordaRPCOps;
import net.corda.core.messaging.DataFeed;
import net.corda.core.node.NodeInfo;
import net.corda.core.node.services.NetworkMapCache.MapChange;
import rx.Subscription;

/** What a node knows of its network. */
final class NetworkView {
    private final CordaRPCOps node;

    NetworkView(CordaRPCOps node) {
        this.node = node;
    }

    CordaX500Name ownName() {
        return node.nodeInfo().getLegalIdentities().get(0).getName();
    }

    /** The first notary of the network parameters. */
    Party notary() throws Failure {
        List<Party> notaries = node.notaryIdentities();
        if (notaries.isEmpty()) {
            throw Failure.of("the network parameters name no notary; the notary must be on the parameters' list");
        }
        return notaries.get(0);
    }

    /** The party of this name, once the node has received its NodeInfo from the network map. */
    Party await(CordaX500Name name, Deadline deadline) throws Failure, InterruptedException {
        DataFeed<List<NodeInfo>, MapChange> feed = node.networkMapFeed();
        BlockingQueue<NodeInfo> arrivals = new LinkedBlockingQueue<>(feed.getSnapshot());
        Subscription subscription = feed.getUpdates().subscribe(change -> arrivals.add(change.getNode()));
        try {
            boolean told = false;
            while (true) {
                NodeInfo info = arrivals.poll();
                if (info == null) {
                    if (!told) {
                        Progress.say("waiting for " + name + " to appear in the network map of " + ownName());
                        told = true;
                    }
                    info = arrivals.poll(deadline.leftMillis(), TimeUnit.MILLISECONDS);
                }
                if (info == null) {
                    throw Failure.of(name + " is not in the network map of " + ownName()
                            + "; check that it runs and has published its NodeInfo");
                }
                for (Party party : info.getLegalIdentities()) {
                    if (party.getName().equals(name)) {
                        return party;
                    }
                }
            }
        } finally {
            subscription.unsubscribe();
        }
    }

    /** The result of {@code corda-rpc network}. */
    Map<String, Object> describe() {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("node", ownName());
        result.put("platformVersion", node.nodeInfo().getPlatformVersion());
        List<Object> notaries = new ArrayList<>();
        node.notaryIdentities().forEach(party -> notaries.add(party.getName()));
        result.put("notaries", notaries);
        List<Object> nodes = new ArrayList<>();
        for (NodeInfo info : node.networkMapSnapshot()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            List<Object> names = new ArrayList<>();
            info.getLegalIdentities().forEach(party -> names.add(party.getName()));
            entry.put("identities", names);
            entry.put("addresses", info.getAddresses());
            entry.put("platformVersion", info.getPlatformVersion());
            nodes.add(entry);
        }
        result.put("nodes", nodes);
        return result;
    }
}
