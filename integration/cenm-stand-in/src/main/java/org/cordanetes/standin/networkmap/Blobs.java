package org.cordanetes.standin.networkmap;

import java.util.List;
import net.corda.core.serialization.SerializationContext;
import net.corda.core.serialization.SerializationFactory;
import net.corda.core.serialization.SerializedBytes;
import net.corda.core.serialization.internal.SerializationEnvironment;
import net.corda.core.serialization.internal.SerializationEnvironmentKt;
import net.corda.core.utilities.ByteSequence;
import net.corda.serialization.internal.CordaSerializationMagic;
import net.corda.serialization.internal.SerializationFactoryImpl;
import net.corda.serialization.internal.SharedContexts;
import net.corda.serialization.internal.amqp.AbstractAMQPSerializationScheme;
import net.corda.serialization.internal.amqp.SerializerFactory;
import org.cordanetes.standin.http.ServiceError;

/** Corda's own AMQP serialisation, as nodes speak it. */
final class Blobs {
    private static final SerializationFactory FACTORY = factory();
    private static final SerializationContext CONTEXT = SharedContexts.getAMQP_P2P_CONTEXT();

    private Blobs() {}

    /** Corda's classes look for a global environment when they verify what they hold. */
    static void initialise() {
        SerializationEnvironmentKt.setNodeSerializationEnv(SerializationEnvironment.Companion.with(
                FACTORY, CONTEXT, null, null, null, null, null));
    }

    static byte[] write(Object value) {
        return raw(value).getBytes();
    }

    static <T> SerializedBytes<T> raw(T value) {
        return FACTORY.serialize(value, CONTEXT);
    }

    static <T> T read(byte[] bytes, Class<T> type) {
        try {
            return FACTORY.deserialize(ByteSequence.of(bytes), type, CONTEXT);
        } catch (Exception e) {
            // Checked exceptions come undeclared out of Kotlin; whatever it is, the bytes are to blame.
            throw ServiceError.invalid("the bytes are not a " + type.getSimpleName() + ": " + e);
        }
    }

    private static SerializationFactory factory() {
        SerializationFactoryImpl factory = new SerializationFactoryImpl();
        factory.registerScheme(new PeerToPeerScheme());
        return factory;
    }

    private static final class PeerToPeerScheme extends AbstractAMQPSerializationScheme {
        PeerToPeerScheme() {
            super(List.of());
        }

        @Override
        public boolean canDeserializeVersion(CordaSerializationMagic magic, SerializationContext.UseCase target) {
            return canDeserializeVersion(magic) && target == SerializationContext.UseCase.P2P;
        }

        @Override
        protected SerializerFactory rpcClientSerializerFactory(SerializationContext context) {
            throw new UnsupportedOperationException("a Network Map speaks no RPC");
        }

        @Override
        protected SerializerFactory rpcServerSerializerFactory(SerializationContext context) {
            throw new UnsupportedOperationException("a Network Map speaks no RPC");
        }
    }
}
