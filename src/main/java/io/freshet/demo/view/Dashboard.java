package io.freshet.demo.view;

import io.freshet.demo.shop.ShopRecord;
import io.freshet.event.Attribute;
import io.freshet.event.CatalogItem;
import io.freshet.event.DeadLetter;
import io.freshet.event.Evaluation;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.RecommendationList;
import io.freshet.runtime.RecentRate;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Folds what was sent and what came back into figures. Safe for use by several threads. */
public final class Dashboard {

    /** The attribute that is shown before a title. */
    private static final String BRAND = "brand";

    private static final int RATE_SECONDS = 5;

    private final LongSupplier clock;
    private final long started;
    private final Map<String, String> titles = new HashMap<>();
    private final Map<String, String> brands = new HashMap<>();
    private final Spotlight spotlight = new Spotlight(titles, brands);
    private final Map<Evaluation.Subject, Track> tracks = new EnumMap<>(Evaluation.Subject.class);
    private final Map<ModelCheckpoint.Verdict, Integer> verdicts =
            new EnumMap<>(ModelCheckpoint.Verdict.class);
    private final RecentRate salesRate = new RecentRate(RATE_SECONDS);
    private final RecentRate listsRate = new RecentRate(RATE_SECONDS);

    /** Users that an interaction was sent of, and whether they got a list. */
    private final Map<String, Boolean> users = new HashMap<>();

    private String phase = "";
    private boolean stopping;
    private boolean ended;
    private String webUi = "";
    private String gateway = "";
    private long history;
    private long sent;
    private long late;
    private long again;
    private long items;
    private long broken;
    private long shopMillis;
    private Figures.Job job = Figures.Job.NOTHING;
    private long deadLetters;
    private String lastReason = "";
    private long lists;
    private int served;
    private long firstList = -1;
    private @Nullable ModelCheckpoint lastCheckpoint;

    /**
     * @param clock milliseconds, never going back; its first value is when the command was given
     */
    public Dashboard(LongSupplier clock) {
        this.clock = clock;
        this.started = clock.getAsLong();
        for (Evaluation.Subject subject : Evaluation.Subject.values()) {
            tracks.put(subject, new Track());
        }
    }

    /** Time since the command was given. */
    public Duration elapsed() {
        return Duration.ofMillis(clock.getAsLong() - started);
    }

    /** Something new is going on, unless everything is about to stop. */
    public synchronized void phase(String words) {
        phase = stopping ? phase : words;
    }

    /** Everything is about to stop. */
    public synchronized void stopping() {
        phase("stopping …");
        stopping = true;
    }

    /** Everything has stopped. */
    public synchronized void stopped() {
        phase = "stopped";
    }

    /** Flink's web UI is there. */
    public synchronized void webUi(String address) {
        webUi = address;
    }

    /** The gateway is there. */
    public synchronized void gateway(String address) {
        gateway = address;
    }

    /** A record of the past was sent, before the clock of the shop started. */
    public synchronized void sentHistory(ShopRecord record) {
        if (record instanceof ShopRecord.Action action) {
            history++;
            users.putIfAbsent(action.interaction().userId(), false);
        }
        sentAny(record);
    }

    /** A record was sent. */
    public synchronized void sent(ShopRecord record) {
        long now = clock.getAsLong();
        if (record instanceof ShopRecord.Action action) {
            sent++;
            salesRate.add(now, 1);
            again += action.again() ? 1 : 0;
            late += !action.again() && action.arrival() > action.interaction().timestamp() ? 1 : 0;
            users.putIfAbsent(action.interaction().userId(), false);
            if (!action.again()) {
                spotlight.acted(action.interaction(), now);
            }
        }
        sentAny(record);
    }

    /** All was sent that there is. */
    public synchronized void ended() {
        ended = true;
        phase("the file has ended");
    }

    /** The job's counters were read. */
    public synchronized void counted(Figures.Job counts) {
        job = counts;
    }

    /** A list arrived. */
    public synchronized void received(RecommendationList list) {
        long now = clock.getAsLong();
        lists++;
        listsRate.add(now, 1);
        if (firstList < 0) {
            firstList = now - started;
        }
        served += Boolean.FALSE.equals(users.replace(list.userId(), true)) ? 1 : 0;
        spotlight.received(list);
    }

    /** A verdict arrived. */
    public synchronized void received(ModelCheckpoint checkpoint) {
        verdicts.merge(checkpoint.verdict(), 1, Integer::sum);
        lastCheckpoint = checkpoint;
    }

    /** An evaluation arrived. */
    public synchronized void received(Evaluation evaluation) {
        track(evaluation.subject()).add(evaluation);
    }

    /** A dead letter arrived. */
    public synchronized void received(DeadLetter letter) {
        deadLetters++;
        lastReason = letter.reason();
    }

    /** What is to be shown now. */
    public synchronized Figures figures() {
        long now = clock.getAsLong();
        return new Figures(
                now - started,
                phase,
                webUi,
                gateway,
                new Figures.Stream(
                        history,
                        sent,
                        salesRate.perSecond(now),
                        late,
                        again,
                        items,
                        shopMillis,
                        broken,
                        deadLetters,
                        lastReason,
                        ended),
                job,
                new Figures.Lists(lists, listsRate.perSecond(now), served, users.size(), firstList),
                new Figures.Training(Map.copyOf(verdicts), lastCheckpoint),
                track(Evaluation.Subject.LIVE_MODEL).quality(),
                track(Evaluation.Subject.FROZEN_MODEL).quality(),
                track(Evaluation.Subject.LISTS).quality(),
                spotlight.user(now));
    }

    private void sentAny(ShopRecord record) {
        shopMillis = record.arrival();
        if (record instanceof ShopRecord.Announcement announcement) {
            items++;
            announced(announcement.item());
        } else if (record instanceof ShopRecord.Broken) {
            broken++;
        }
    }

    private void announced(CatalogItem item) {
        String brand =
                item.attributes().stream()
                        .filter(attribute -> attribute.name().equals(BRAND))
                        .map(Attribute::category)
                        .findFirst()
                        .orElse("");
        brands.put(item.itemId(), brand);
        titles.put(item.itemId(), (brand + " " + item.title()).strip());
    }

    private Track track(Evaluation.Subject subject) {
        Track track = tracks.get(subject);
        if (track == null) {
            throw new IllegalStateException("No track of " + subject + ", only " + tracks.keySet());
        }
        return track;
    }
}
