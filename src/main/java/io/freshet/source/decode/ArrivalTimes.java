package io.freshet.source.decode;

import io.freshet.config.IngestConfig;
import io.freshet.event.Interaction;
import java.time.Clock;

/**
 * Says when interactions arrived, and bounds their event times by it. Everything that time moves
 * follows the newest interaction: watermarks, the panes of all users, the decay of all items. So
 * one that is further ahead of its arrival than {@code ingest.clock-skew} is taken to have happened
 * when it arrived.
 *
 * <p>A record arrived at its timestamp in Kafka, or now if that lies ahead of the clock or there is
 * none. Example with a minute of skew: the record arrived at 12:00, whenever it is read. An event
 * time of 12:00:59 stays, 12:59 becomes 12:00, and so it is where a topic is read again years
 * later. Event times of the past stay as they are.
 */
public final class ArrivalTimes implements RecordDecoder<Decoded.OfInteraction> {

    private final RecordDecoder<Decoded.OfInteraction> decoder;
    private final long skew;
    private final long earliest;
    private final Clock clock;

    /**
     * @param decoder gives event times as the records have them
     * @param limits has the skew, and the earliest timestamp that is one
     */
    public ArrivalTimes(
            RecordDecoder<Decoded.OfInteraction> decoder, IngestConfig limits, Clock clock) {
        this.decoder = decoder;
        this.skew = limits.clockSkew().toMillis();
        this.earliest = limits.earliest();
        this.clock = clock;
    }

    @Override
    public Decoded.OfInteraction decode(RawRecord source) {
        Decoded.OfInteraction decoded = decoder.decode(source);
        Interaction event = decoded.event();
        if (event == null) {
            return decoded;
        }
        long now = clock.millis();
        boolean unstamped = source.timestamp() < Math.max(0, earliest);
        long arrival = unstamped ? now : Math.min(source.timestamp(), now);
        boolean ahead = event.timestamp() - arrival > skew;
        long timestamp = ahead ? arrival : event.timestamp();
        return new Decoded.OfInteraction(event.at(arrival, timestamp), null, ahead);
    }
}
