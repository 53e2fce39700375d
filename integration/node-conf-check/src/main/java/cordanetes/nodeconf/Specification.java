package cordanetes.nodeconf;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** The keys that {@code V1NodeConfigurationSpec} knows. The class is internal to Corda, hence the reflection. */
final class Specification {
    private static final String NAME = "net.corda.node.services.config.schema.v1.V1NodeConfigurationSpec";

    private Specification() {}

    /** Each key with the keys below it, or with the name of its type where there are none. */
    static Map<String, Object> keys() throws ReflectiveOperationException {
        Field instance = Class.forName(NAME).getDeclaredField("INSTANCE");
        instance.setAccessible(true);
        return keys(instance.get(null));
    }

    private static Map<String, Object> keys(Object schema) throws ReflectiveOperationException {
        Map<String, Object> keys = new TreeMap<>();
        for (Object property : (Collection<?>) call(schema, "getProperties")) {
            Object below = call(property, "getSchema");
            keys.put((String) call(property, "getKey"), below == null ? call(property, "getTypeName") : keys(below));
        }
        return keys;
    }

    private static Object call(Object target, String name) throws ReflectiveOperationException {
        Method method = target.getClass().getMethod(name);
        method.setAccessible(true);
        return method.invoke(target);
    }
}
