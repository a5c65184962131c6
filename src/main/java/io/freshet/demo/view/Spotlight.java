package io.freshet.demo.view;

import io.freshet.event.Interaction;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendedItem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows one user: what the user does, and how the list changes with it. When the user has gone
 * quiet, another takes the place.
 */
final class Spotlight {

    private static final long QUIET_MILLIS = 25_000;
    private static final long WATCHED_MILLIS = 20_000;
    private static final int PURCHASES = 3;

    /** Purchases with less time between them are one visit. */
    private static final long VISIT_MILLIS = 1_000;

    private static final int LISTS_KEPT = 5_000;

    /** Visits within the time watched that make a user worth following: not one, not a flood. */
    private static final int WORTH_FOLLOWING = 4;

    private final Map<String, String> titles;
    private final Deque<Sold> watched = new ArrayDeque<>();
    private final Map<String, RecommendationList> lists = new Kept();
    private String userId = "";
    private long lastSeen;
    private final Deque<Sold> purchases = new ArrayDeque<>();
    private @Nullable RecommendationList before;

    private record Sold(String userId, String itemId, long atMillis) {}

    /**
     * @param titles title by item, filled by others as the catalog grows
     */
    Spotlight(Map<String, String> titles) {
        this.titles = titles;
    }

    void sold(Interaction interaction, long nowMillis) {
        Sold sold = new Sold(interaction.userId(), interaction.itemId(), nowMillis);
        watched.addLast(sold);
        forgetOld(nowMillis);
        if (sold.userId().equals(userId)) {
            note(sold);
        }
    }

    void received(RecommendationList list) {
        RecommendationList replaced = lists.put(list.userId(), list);
        if (list.userId().equals(userId)) {
            before = replaced;
        }
    }

    /** The user followed now, if anybody is worth it. */
    Figures.@Nullable User user(long nowMillis) {
        forgetOld(nowMillis);
        if (userId.isEmpty() || nowMillis - lastSeen > QUIET_MILLIS) {
            choose();
        }
        RecommendationList list = lists.get(userId);
        if (list == null) {
            return null;
        }
        List<Figures.Purchase> bought = new ArrayList<>();
        for (var sold = purchases.descendingIterator(); sold.hasNext(); ) {
            Sold next = sold.next();
            long ago = (nowMillis - next.atMillis()) / 1000;
            bought.add(new Figures.Purchase(title(next.itemId()), ago));
        }
        return new Figures.User(userId, list.modelVersion(), bought, entries(list));
    }

    private void choose() {
        Optional<String> chosen =
                visits().entrySet().stream()
                        .filter(user -> lists.containsKey(user.getKey()))
                        .min(
                                Comparator.comparingInt(
                                                (Map.Entry<String, Integer> user) ->
                                                        Math.abs(user.getValue() - WORTH_FOLLOWING))
                                        .thenComparing(Map.Entry::getKey))
                        .map(Map.Entry::getKey);
        if (chosen.isPresent()) {
            userId = chosen.get();
            before = null;
            purchases.clear();
            watched.stream().filter(sold -> sold.userId().equals(userId)).forEach(this::note);
        }
    }

    /** Visits within the time watched, by user. */
    private Map<String, Integer> visits() {
        Map<String, Integer> visits = new HashMap<>();
        Map<String, Long> last = new HashMap<>();
        for (Sold sold : watched) {
            Long before = last.put(sold.userId(), sold.atMillis());
            if (before == null || sold.atMillis() - before > VISIT_MILLIS) {
                visits.merge(sold.userId(), 1, Integer::sum);
            }
        }
        return visits;
    }

    private void note(Sold sold) {
        lastSeen = sold.atMillis();
        purchases.addLast(sold);
        if (purchases.size() > PURCHASES) {
            purchases.removeFirst();
        }
    }

    private List<Figures.Entry> entries(RecommendationList list) {
        Map<String, Integer> places = new HashMap<>();
        if (before != null) {
            for (RecommendedItem item : before.items()) {
                places.put(item.itemId(), places.size() + 1);
            }
        }
        List<Figures.Entry> entries = new ArrayList<>();
        for (RecommendedItem item : list.items()) {
            int same = before == null ? entries.size() + 1 : 0;
            int place = places.getOrDefault(item.itemId(), same);
            String because = item.because().isEmpty() ? "" : title(item.because());
            entries.add(new Figures.Entry(title(item.itemId()), item.source(), because, place));
        }
        return entries;
    }

    private void forgetOld(long nowMillis) {
        while (!watched.isEmpty() && nowMillis - watched.getFirst().atMillis() > WATCHED_MILLIS) {
            watched.removeFirst();
        }
    }

    private String title(String itemId) {
        return titles.getOrDefault(itemId, itemId);
    }

    /** The lists that were used last, by user. */
    private static final class Kept extends LinkedHashMap<String, RecommendationList> {
        private static final long serialVersionUID = 1L;

        Kept() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, RecommendationList> eldest) {
            return size() > LISTS_KEPT;
        }
    }
}
