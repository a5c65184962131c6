package io.freshet.source.decode;

import io.freshet.config.AttributesConfig;
import io.freshet.config.AttributesConfig.Type;
import io.freshet.config.IngestConfig;
import io.freshet.event.Attribute;
import io.freshet.event.Profile;
import io.freshet.source.field.BadRecordException;
import java.time.Clock;
import java.util.List;
import java.util.SortedMap;

/**
 * Records of the users topic ({@code users.schema.json}). A tombstone, whose key is the user's id,
 * takes back all that is known.
 */
public final class UserDecoder implements RecordDecoder<Decoded.OfProfile> {

    private final SortedMap<String, Type> attributes;
    private final RecordParser parser;
    private final Clock clock;

    /**
     * @param limits of sizes, lengths and times, with the attributes that are declared
     * @param clock for the limit on timestamps ahead of it
     */
    public UserDecoder(IngestConfig limits, Clock clock) {
        this.attributes = limits.attributes().users();
        this.parser = new RecordParser(limits, AttributesConfig.USER_FIELDS, attributes.keySet());
        this.clock = clock;
    }

    @Override
    public Decoded.OfProfile decode(RawRecord source) {
        try {
            return new Decoded.OfProfile(profile(source), null);
        } catch (BadRecordException e) {
            return new Decoded.OfProfile(null, parser.deadLetter(source, e));
        }
    }

    private Profile profile(RawRecord source) throws BadRecordException {
        if (source.value() == null) {
            String user = parser.tombstoneId(source, "a user id");
            return user(user, List.of(), parser.recordTime(source, clock.millis()));
        }
        JsonFields fields = parser.parse(source);
        return user(
                fields.id("user_id"),
                fields.attributes(attributes),
                fields.timestamp("timestamp_ms", clock.millis()));
    }

    private static Profile user(String id, List<Attribute> known, long timestamp) {
        return new Profile(Profile.Subject.USER, id, known, timestamp);
    }
}
