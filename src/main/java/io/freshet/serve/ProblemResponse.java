package io.freshet.serve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.freshet.runtime.ConstantNames;
import io.javalin.http.Context;

/**
 * Why a request is refused, as RFC 9457 writes it ({@code application/problem+json}): type, title,
 * status and a detail that says what was found, what was expected, and what to do. Without a stack
 * trace, because clients may cause many.
 */
final class ProblemResponse extends RuntimeException {

    static final String MEDIA_TYPE = "application/problem+json";

    private static final long serialVersionUID = 1;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RETRY_AFTER_SECONDS = "1";

    /** What there is to go wrong, with its HTTP status. */
    enum Kind {
        BAD_PARAMETER(400, "A parameter can't be understood"),
        BAD_INTERACTION(400, "The interaction can't be understood"),
        BAD_REQUEST(400, "The request can't be understood"),
        NO_TOKEN(401, "A token is needed"),
        NO_SUCH_PATH(404, "There is nothing at this path"),
        UNKNOWN_ITEM(404, "Nothing is known of the item"),
        NO_LIST(404, "There is no list"),
        NO_SUCH_METHOD(405, "The path has other methods"),
        FORGOTTEN(410, "The user was forgotten"),
        TOO_LARGE(413, "The body is too large"),
        TOO_LONG(414, "The address is too long"),
        NOT_JSON(415, "The body is no JSON"),
        OTHER_HOST(421, "The request is for another host"),
        INTERNAL(500, "The gateway failed"),
        TOO_MANY(503, "Too many requests wait"),
        UNAVAILABLE(503, "The job can't be asked"),
        STOPPING(503, "The gateway is stopping"),
        TIME_OUT(504, "The job didn't answer in time");

        private final int status;
        private final String title;

        Kind(int status, String title) {
            this.status = status;
            this.title = title;
        }

        int status() {
            return status;
        }

        /** Identifies the kind; nothing is found there. */
        String type() {
            return "urn:freshet:problem:" + ConstantNames.of(this);
        }
    }

    private final Kind kind;
    private final String field;

    ProblemResponse(Kind kind, String detail) {
        this(kind, "", detail);
    }

    /**
     * @param field parameter or field at fault; empty for none
     * @param detail what was found, what was expected, what to do
     */
    ProblemResponse(Kind kind, String field, String detail) {
        super(detail, null, false, false);
        this.kind = kind;
        this.field = field;
    }

    Kind kind() {
        return kind;
    }

    /** Makes it the response. */
    void write(Context ctx) {
        ctx.status(kind.status).contentType(MEDIA_TYPE).result(json());
        if (kind.status == 503) {
            ctx.header("Retry-After", RETRY_AFTER_SECONDS);
        }
        if (kind == Kind.NO_TOKEN) {
            ctx.header("WWW-Authenticate", "Bearer");
        }
    }

    /** The body. */
    byte[] json() {
        return json(kind.status);
    }

    /**
     * The body, of a response whose status the server has chosen.
     *
     * @param status of HTTP
     */
    byte[] json(int status) {
        ObjectNode body = JSON.createObjectNode();
        body.put("type", kind.type());
        body.put("title", kind.title);
        body.put("status", status);
        body.put("detail", getMessage());
        if (!field.isEmpty()) {
            body.put("field", field);
        }
        try {
            return JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A problem could not be written: " + body, e);
        }
    }
}
