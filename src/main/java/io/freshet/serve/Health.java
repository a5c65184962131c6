package io.freshet.serve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.freshet.runtime.ConstantNames;
import io.javalin.http.Context;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Whether the gateway can do its work, part by part, and what it has done since its start. */
final class Health {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OK = "ok";
    private static final String NOT_OK = "unavailable";
    private static final int UNAVAILABLE = 503;

    private final Map<String, Supplier<String>> parts = new LinkedHashMap<>();
    private final Map<String, LongSupplier> levels = new LinkedHashMap<>();
    private final Map<Count, LongAdder> counts = new EnumMap<>(Count.class);

    /** What is counted since the start, in requests. */
    enum Count {
        /** Requests that were sent to the job. */
        ASKED,
        /** Answers that were handed on, those without a list included. */
        ANSWERED,
        /** Requests whose time was up. */
        TIMED_OUT,
        /** Requests that got the newest list in place of an answer. */
        FALLBACK,
        /** Requests that were refused because too many waited or the job couldn't be asked. */
        REFUSED,
        /** Interactions that the brokers have. */
        INTERACTIONS
    }

    Health() {
        for (Count count : Count.values()) {
            counts.put(count, new LongAdder());
        }
    }

    /**
     * Adds a part.
     *
     * @param problem returns what is wrong with it; empty for nothing
     */
    void addPart(String name, Supplier<String> problem) {
        parts.put(name, problem);
    }

    /** Adds a figure that goes up and down. */
    void addLevel(String name, LongSupplier value) {
        levels.put(name, value);
    }

    void count(Count count) {
        Objects.requireNonNull(counts.get(count)).increment();
    }

    /**
     * The response to a request for it: 200, or 503 if something is wrong.
     *
     * @param reasons whether it says why: that names brokers and topics
     */
    void write(Context ctx, boolean reasons) {
        ObjectNode body = JSON.createObjectNode();
        body.put("status", OK);
        ObjectNode found = body.putObject("parts");
        for (Map.Entry<String, Supplier<String>> part : parts.entrySet()) {
            String problem = part.getValue().get();
            found.put(part.getKey(), problem.isEmpty() ? OK : reasons ? problem : NOT_OK);
            if (!problem.isEmpty()) {
                body.put("status", NOT_OK);
                ctx.status(UNAVAILABLE);
            }
        }
        ObjectNode figures = body.putObject("counts");
        levels.forEach((name, value) -> figures.put(name, value.getAsLong()));
        counts.forEach((name, value) -> figures.put(name(name), value.sum()));
        ctx.contentType("application/json").result(bytes(body));
    }

    /** The name of a count. */
    static String name(Count count) {
        return ConstantNames.of(count).replace('-', '_');
    }

    private static byte[] bytes(ObjectNode body) {
        try {
            return JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The health could not be written: " + body, e);
        }
    }
}
