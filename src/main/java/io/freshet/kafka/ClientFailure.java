package io.freshet.kafka;

import org.jspecify.annotations.Nullable;

/** The reason why a Kafka client can't be made, without secrets. */
public final class ClientFailure {

    private static final String JAAS = "org.apache.kafka.common.security.Jaas";

    private ClientFailure() {}

    /** The innermost cause; Kafka's parser of JAAS entries quotes what it can't parse. */
    public static String reason(Throwable failure) {
        Throwable innermost = failure;
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (isOfJaas(cause)) {
                return "a sasl.jaas.config that is not of the form 'LoginModule required key=\"value\" …;'";
            }
            innermost = cause;
        }
        return innermost.getClass().getSimpleName() + ": " + innermost.getMessage();
    }

    private static boolean isOfJaas(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        for (int i = 0; i < Math.min(trace.length, 3); i++) {
            if (trace[i].getClassName().startsWith(JAAS)) {
                return true;
            }
        }
        return false;
    }
}
