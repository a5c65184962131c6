package io.freshet.item;

import io.freshet.config.ItemConfig;
import io.freshet.event.ItemPopularity;
import io.freshet.event.ItemSignal;
import io.freshet.event.RequestPart;
import io.freshet.runtime.state.CachedState;
import io.freshet.runtime.state.CachingFunction;
import io.freshet.runtime.state.StateCaches;
import io.freshet.runtime.state.StateTtl;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Keeps the statistics of items that change with every event, and adds to parts of requests what
 * followed their item. Keyed by item. Popularity and followers are two states, because an
 * interaction changes the former of one item and the latter of another.
 *
 * <p>Popularity leaves through {@link #POPULARITY}: at once, or, within the popularity interval
 * after an update, by an event-time timer at its end, so that the last value is always sent.
 */
public final class ItemContextFunction extends KeyedProcessFunction<String, ItemSignal, RequestPart>
        implements CachingFunction {

    /** The popularity of items whenever it changes, at most once per interval. */
    public static final OutputTag<ItemPopularity> POPULARITY =
            new OutputTag<>("popularity", TypeInformation.of(ItemPopularity.class));

    private static final long serialVersionUID = 1L;

    private final ItemConfig config;
    private final int candidates;

    private transient Popularity popularity;
    private transient Followers followers;
    private transient CachedState<PopularityState> popularities;
    private transient CachedState<FollowersState> followings;

    /**
     * @param candidates most followers that a part of a request gets
     */
    public ItemContextFunction(ItemConfig config, int candidates) {
        this.config = config;
        this.candidates = candidates;
    }

    @Override
    public void openStates(StateCaches caches) {
        popularities = state(caches, "popularity", PopularityState.class);
        followings = state(caches, "followers", FollowersState.class);
    }

    @Override
    public void open(OpenContext context) {
        popularity = new Popularity(config.halfLives());
        followers = new Followers(new Decay(config.transitionHalfLife()), config.maxFollowers());
    }

    @Override
    public void processElement(ItemSignal signal, Context context, Collector<RequestPart> out)
            throws Exception {
        switch (signal.kind()) {
            case CHOSEN -> chosen(signal, context);
            case FOLLOWED -> followed(signal);
            case ASKED -> out.collect(answered(signal));
        }
    }

    /** Does nothing if the item has expired or was sent since the timer was set. */
    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<RequestPart> out)
            throws Exception {
        PopularityState item = popularities.value();
        if (item != null && item.dueAt == timestamp) {
            send(item, timestamp, context);
            popularities.update(item);
        }
    }

    private void chosen(ItemSignal signal, Context context) throws Exception {
        PopularityState item = popularities.value();
        if (signal.weight() > 0) {
            item = item == null ? new PopularityState() : item;
            popularity.count(item, signal.timestamp(), signal.weight());
        } else if (item != null) {
            popularity.takeBack(item, signal.countedAt(), -signal.weight(), signal.timestamp());
        } else {
            return;
        }
        changed(item, context);
    }

    private void changed(PopularityState item, Context context) throws Exception {
        long now = Math.max(item.time, context.timerService().currentWatermark());
        long due = item.sentAt + config.popularityInterval().toMillis();
        if (item.sentAt == PopularityState.NEVER || now >= due) {
            if (item.dueAt != PopularityState.NEVER) {
                context.timerService().deleteEventTimeTimer(item.dueAt);
            }
            send(item, now, context);
        } else if (item.dueAt == PopularityState.NEVER) {
            item.dueAt = due;
            context.timerService().registerEventTimeTimer(due);
        }
        popularities.update(item);
    }

    private void followed(ItemSignal signal) throws Exception {
        FollowersState item = followings.value();
        if (signal.weight() > 0) {
            item = item == null ? new FollowersState() : item;
            followers.count(item, signal.follower(), signal.timestamp(), signal.weight());
        } else if (item != null) {
            followers.takeBack(item, signal.follower(), signal.countedAt(), -signal.weight());
        } else {
            return;
        }
        followings.update(item);
    }

    /** The part with its item's followers; unchanged for a user without items. */
    private RequestPart answered(ItemSignal signal) throws Exception {
        RequestPart part = Objects.requireNonNull(signal.part());
        FollowersState item = signal.itemId().isEmpty() ? null : followings.value();
        return item == null
                ? part
                : part.answered(followers.answer(item, signal.timestamp(), candidates));
    }

    private void send(PopularityState item, long now, Context context) {
        item.sentAt = now;
        item.dueAt = PopularityState.NEVER;
        context.output(POPULARITY, popularity.update(context.getCurrentKey(), item));
    }

    private <T> CachedState<T> state(StateCaches caches, String name, Class<T> type) {
        return caches.of(
                getRuntimeContext()
                        .getState(StateTtl.value(name, TypeInformation.of(type), config.ttl())));
    }
}
