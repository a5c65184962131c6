package io.freshet.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.freshet.event.query.Query.Kind;
import io.freshet.runtime.ConstantNames;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks, as a record of the requests topic ({@code requests.schema.json}).
 *
 * @param user null for nobody
 * @param newest whether the newest list that was written is asked for, and not the job
 * @param fields of the record, beside its id, kind and user
 */
record ListRequest(Kind kind, @Nullable String user, boolean newest, ObjectNode fields) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Whether it asks for the list that activity would lead to, as it is. */
    boolean isPlain() {
        return kind == Kind.PERSONAL && fields.isEmpty();
    }

    /** The record's key; null for none. */
    byte @Nullable [] key() {
        return user == null ? null : user.getBytes(UTF_8);
    }

    /**
     * The record's value.
     *
     * @param timeout how long somebody waits for the answer
     */
    byte[] value(String requestId, Duration timeout) {
        ObjectNode record = JSON.createObjectNode();
        record.put("request_id", requestId);
        record.put("kind", ConstantNames.of(kind));
        if (user != null) {
            record.put("user_id", user);
        }
        record.put("timeout_ms", timeout.toMillis());
        record.setAll(fields);
        try {
            return JSON.writeValueAsBytes(record);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A request could not be written: " + record, e);
        }
    }
}
