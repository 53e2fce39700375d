package cordanetes.rpc;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import net.corda.core.contracts.Amount;
import net.corda.core.contracts.ContractState;
import net.corda.core.contracts.Issued;
import net.corda.core.flows.FlowLogic;
import net.corda.core.identity.Party;
import net.corda.core.messaging.CordaRPCOps;
import net.corda.core.transactions.SignedTransaction;
import net.corda.core.utilities.OpaqueBytes;
import net.corda.finance.contracts.asset.Cash;
import net.corda.finance.flows.AbstractCashFlow;
import net.corda.finance.flows.CashIssueFlow;
import net.corda.finance.flows.CashPaymentFlow;
import net.corda.finance.workflows.GetBalances;

/** Issues cash at the node, pays all of it to another party, and proves from the ledger that it went there. */
final class Payment {
    private static final OpaqueBytes ISSUER_REFERENCE = OpaqueBytes.of((byte) 1);

    private final CordaRPCOps node;
    private final String requestId;
    private final Deadline deadline;

    /** With a request id the node recognises a payment that it was asked for before and does not repeat it. */
    Payment(CordaRPCOps node, String requestId, Deadline deadline) {
        this.node = node;
        this.requestId = requestId;
        this.deadline = deadline;
    }

    Map<String, Object> pay(Party recipient, BigDecimal value, Currency currency, Party notary)
            throws Failure, InterruptedException {
        Amount<Currency> amount = Amount.fromDecimal(value, currency);
        boolean repeated = requestId != null && node.finishedFlowsWithClientIds().containsKey(requestId + "-payment");
        BigDecimal before = balance(currency);

        Progress.say("issuing " + amount + ", notary " + notary.getName());
        run("issue", CashIssueFlow.class, amount, ISSUER_REFERENCE, notary);
        BigDecimal issued = balance(currency);
        if (!repeated) {
            expect("after the issue", before.add(value), issued);
        }

        Progress.say("paying " + amount + " to " + recipient.getName());
        // Not anonymous: the new owner's key is then the recipient's well-known one and can be checked here.
        SignedTransaction paid = run("payment", CashPaymentFlow.class, amount, recipient, false);
        long received = receivedBy(recipient, currency, paid);
        if (received != amount.getQuantity()) {
            throw Failure.of("transaction " + paid.getId() + " gives " + recipient.getName() + " " + received
                    + " minor units of " + currency + " instead of " + amount.getQuantity());
        }
        BigDecimal after = balance(currency);
        if (!repeated) {
            expect("after the payment", before, after);
        }
        Progress.say("done: transaction " + paid.getId() + ", balance " + after + " " + currency);

        Map<String, Object> result = new LinkedHashMap<>();
        result.put("result", "paid");
        result.put("transaction", paid.getId());
        result.put("recipient", recipient.getName());
        result.put("amount", value);
        result.put("currency", currency);
        result.put("notary", notary.getName());
        result.put("balanceBefore", before);
        result.put("balanceIssued", issued);
        result.put("balanceAfter", after);
        result.put("repeated", repeated);
        return result;
    }

    BigDecimal balance(Currency currency) {
        return GetBalances.getCashBalance(node, currency).toDecimal();
    }

    private SignedTransaction run(
            String what, Class<? extends FlowLogic<AbstractCashFlow.Result>> flow, Object... arguments)
            throws Failure, InterruptedException {
        Future<AbstractCashFlow.Result> result = requestId == null
                ? node.startFlowDynamic(flow, arguments).getReturnValue()
                : node.startFlowDynamicWithClientId(requestId + "-" + what, flow, arguments).getReturnValue();
        try {
            return result.get(deadline.leftMillis(), TimeUnit.MILLISECONDS).getStx();
        } catch (ExecutionException failed) {
            throw Failure.of("the " + what + " failed in the node", failed);
        } catch (TimeoutException late) {
            throw Failure.of("the " + what + " did not end in time; see the logs of the node, its notary and the recipient");
        }
    }

    private static long receivedBy(Party recipient, Currency currency, SignedTransaction transaction) {
        long received = 0;
        for (ContractState state : transaction.getTx().getOutputStates()) {
            if (state instanceof Cash.State && ((Cash.State) state).getOwner().getOwningKey().equals(recipient.getOwningKey())) {
                Amount<Issued<Currency>> amount = ((Cash.State) state).getAmount();
                received += amount.getToken().getProduct().equals(currency) ? amount.getQuantity() : 0;
            }
        }
        return received;
    }

    private static void expect(String when, BigDecimal expected, BigDecimal found) throws Failure {
        if (expected.compareTo(found) != 0) {
            throw Failure.of("the balance " + when + " is " + found + " and should be " + expected
                    + "; another client may be using this node at the same time");
        }
    }
}
