package io.freshet.source.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the field of a record that is not JSON: the one that was open where the record broke. The
 * record is read a second time for it, so that good records pay nothing.
 *
 * <p>Names are the producer's text, so only those of the topic's schema are returned.
 */
final class FaultyField {

    /** Instead of a field's name: the record's value as a whole. */
    static final String VALUE = "value";

    private final ObjectReader reader;
    private final Set<String> fields;

    /**
     * @param reader as strict as the one that found the fault
     * @param fields names of the topic's fields
     */
    FaultyField(ObjectReader reader, Set<String> fields) {
        this.reader = reader;
        this.fields = fields;
    }

    /** The field that is open at the end of a record's beginning, or {@link #VALUE}. */
    String openAfter(String beginning) {
        return openAt(beginning, beginning.length());
    }

    /**
     * The field that is open at a fault, or {@link #VALUE} if it is none of the topic's.
     *
     * @param fault the fault's offset in UTF-16 units; needed for a name that comes twice, which
     *     doesn't stop this reader, as any other fault does
     */
    String openAt(String json, long fault) {
        try (JsonParser parser = reader.createParser(json)) {
            // with it, overrideCurrentName(null) below would fail
            parser.disable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
            String field = open(parser, fault);
            return field != null && fields.contains(field) ? field : VALUE;
        } catch (IOException e) {
            throw new IllegalStateException("JSON could not be read from memory", e);
        }
    }

    private static @Nullable String open(JsonParser parser, long fault) throws IOException {
        try {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                parser.skipChildren();
                parser.finishToken();
                if (parser.currentLocation().getCharOffset() > fault) {
                    return field;
                }
                parser.overrideCurrentName(null); // or it would seem open until the next name
            }
            return null;
        } catch (JsonProcessingException e) {
            return outermost(parser.getParsingContext());
        }
    }

    private static @Nullable String outermost(JsonStreamContext context) {
        JsonStreamContext found = context;
        while (found.getParent() != null && !found.getParent().inRoot()) {
            found = found.getParent();
        }
        return found.getCurrentName();
    }
}
