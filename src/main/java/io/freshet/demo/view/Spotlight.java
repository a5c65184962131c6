package io.freshet.demo.view;

import io.freshet.demo.shop.ShopRecord;
import io.freshet.event.Interaction;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendedItem;
import io.freshet.runtime.RecentlyUsed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Follows one user: what the user does, and how the list changes with it. When the user has gone
 * quiet, another takes the place.
 */
final class Spotlight {

    private static final long QUIET_MILLIS = 25_000;
    private static final long WATCHED_MILLIS = 20_000;
    private static final int ACTIONS = 3;

    /** Actions with less time between them are one visit. */
    private static final long VISIT_MILLIS = 1_000;

    private static final int LISTS_KEPT = 5_000;

    /** Visits within the time watched that make a user worth following: not one, not a flood. */
    private static final int WORTH_FOLLOWING = 4;

    private final Map<String, String> titles;
    private final Map<String, String> brands;
    private final Deque<Act> watched = new ArrayDeque<>();
    private final Map<String, RecommendationList> lists = new RecentlyUsed<>(LISTS_KEPT);
    private String userId = "";
    private long lastSeen;
    private final Deque<Act> actions = new ArrayDeque<>();
    private @Nullable RecommendationList before;

    /** The list when the user last rejected something. */
    private @Nullable RecommendationList atRejection;

    private record Act(String userId, String itemId, String type, long atMillis) {}

    /**
     * @param titles title by item, filled by others as the catalog grows
     * @param brands brand by item, likewise
     */
    Spotlight(Map<String, String> titles, Map<String, String> brands) {
        this.titles = titles;
        this.brands = brands;
    }

    void acted(Interaction interaction, long nowMillis) {
        Act act =
                new Act(
                        interaction.userId(),
                        interaction.itemId(),
                        interaction.eventType(),
                        nowMillis);
        watched.addLast(act);
        forgetOld(nowMillis);
        if (act.userId().equals(userId)) {
            note(act);
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
        List<Figures.UserAction> shown = new ArrayList<>();
        for (var act = actions.descendingIterator(); act.hasNext(); ) {
            Act next = act.next();
            long ago = (nowMillis - next.atMillis()) / 1000;
            shown.add(new Figures.UserAction(next.type(), title(next.itemId()), ago));
        }
        return new Figures.User(userId, list.modelVersion(), shown, entries(list), rejected(list));
    }

    /** Who rejected something is followed before others: there is more to see. */
    private void choose() {
        Set<String> rejecting =
                watched.stream()
                        .filter(act -> ShopRecord.Action.REJECTIONS.contains(act.type()))
                        .map(Act::userId)
                        .collect(Collectors.toSet());
        Optional<String> chosen =
                visits().entrySet().stream()
                        .filter(user -> lists.containsKey(user.getKey()))
                        .min(
                                Comparator.comparing(
                                                (Map.Entry<String, Integer> user) ->
                                                        !rejecting.contains(user.getKey()))
                                        .thenComparingInt(
                                                user -> Math.abs(user.getValue() - WORTH_FOLLOWING))
                                        .thenComparing(Map.Entry::getKey))
                        .map(Map.Entry::getKey);
        if (chosen.isPresent()) {
            userId = chosen.get();
            before = null;
            actions.clear();
            watched.stream().filter(act -> act.userId().equals(userId)).forEach(this::note);
        }
    }

    /** Visits within the time watched, by user. */
    private Map<String, Integer> visits() {
        Map<String, Integer> visits = new HashMap<>();
        Map<String, Long> last = new HashMap<>();
        for (Act act : watched) {
            Long before = last.put(act.userId(), act.atMillis());
            if (before == null || act.atMillis() - before > VISIT_MILLIS) {
                visits.merge(act.userId(), 1, Integer::sum);
            }
        }
        return visits;
    }

    private void note(Act act) {
        lastSeen = act.atMillis();
        if (ShopRecord.Action.REJECTIONS.contains(act.type())) {
            atRejection = lists.get(act.userId());
        }
        actions.addLast(act);
        if (actions.size() > ACTIONS) {
            actions.removeFirst();
        }
    }

    /** What the last action did to the list, if it was a rejection. */
    private Figures.@Nullable RejectedBrand rejected(RecommendationList list) {
        Act last = actions.peekLast();
        if (last == null
                || !ShopRecord.Action.REJECTIONS.contains(last.type())
                || atRejection == null
                || atRejection == list) {
            return null;
        }
        String brand = brands.getOrDefault(last.itemId(), "");
        return brand.isEmpty()
                ? null
                : new Figures.RejectedBrand(brand, count(brand, atRejection), count(brand, list));
    }

    private long count(String brand, RecommendationList list) {
        return list.items().stream()
                .filter(item -> brand.equals(brands.get(item.itemId())))
                .count();
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
}
