package io.freshet.demo.shop;

import io.freshet.demo.shop.Feed.Ahead;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The generated shop as a feed. */
public final class GeneratedFeed {

    private GeneratedFeed() {}

    /**
     * @param history shop time that passes before the demo starts
     * @param rate interactions a second, in real time, on average
     */
    public static Feed of(ShopSettings settings, Duration history, double rate) {
        ShopGenerator generator = new ShopGenerator(settings);
        long liveFrom = settings.start().plus(history).toEpochMilli();
        List<ShopRecord> past = new ArrayList<>();
        Ahead<ShopRecord> live = new Ahead<>(generator);
        while (live.peek().arrival() < liveFrom) {
            past.add(live.next());
        }
        double speedUp = rate * Duration.ofDays(7).toSeconds() / settings.salesPerWeek();
        String name = "a generated shop, seed " + settings.seed();
        return new Feed(name, past, live, liveFrom, speedUp, Feed.ENDLESS, settings.disorder());
    }
}
