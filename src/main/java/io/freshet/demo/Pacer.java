package io.freshet.demo;

import io.freshet.demo.shop.Ahead;
import io.freshet.demo.shop.Feed;
import io.freshet.demo.shop.ShopRecord;
import java.util.function.Consumer;

/** Says when each record of a feed is due. Not thread-safe. */
final class Pacer {

    private static final double NANOS_PER_MILLI = 1e6;

    private final Ahead<ShopRecord> records;
    private final double speedUp;
    private final long liveFrom;

    Pacer(Feed feed) {
        this.records = new Ahead<>(feed.live());
        this.speedUp = feed.speedUp();
        this.liveFrom = feed.liveFrom();
    }

    /**
     * Hands on, in order, every record that is due.
     *
     * @param elapsedNanos real time since the feed went live
     * @return whether there are more to come
     */
    boolean release(long elapsedNanos, Consumer<ShopRecord> receiver) {
        double shopNow = liveFrom + elapsedNanos / NANOS_PER_MILLI * speedUp;
        while (records.hasNext()) {
            if (records.peek().arrival() > shopNow) {
                return true;
            }
            receiver.accept(records.next());
        }
        return false;
    }
}
