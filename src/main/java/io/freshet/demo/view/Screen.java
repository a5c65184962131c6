package io.freshet.demo.view;

import io.freshet.demo.shop.ShopRecord;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelCheckpoint.Verdict;
import io.freshet.event.RecommendedItem;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Figures as text: a screenful for a terminal, or a line for a log. */
public final class Screen {

    private static final DateTimeFormatter SHOP_TIME =
            DateTimeFormatter.ofPattern("EEE d MMM uuuu HH:mm", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final int CURVE = Track.KEPT;
    private static final int ENTRIES = 7;
    private static final int TITLE = 34;

    private Screen() {}

    /**
     * The whole picture, no higher than a terminal of 24 lines.
     *
     * @param width longest line, in characters
     */
    public static List<String> full(Figures figures, int width) {
        List<String> lines = new ArrayList<>();
        lines.add(head(figures));
        lines.addAll(stream(figures.stream()));
        lines.add(job(figures));
        lines.add(lists(figures.lists()));
        lines.addAll(training(figures.training()));
        lines.add(ask(figures));
        lines.addAll(quality(figures));
        lines.add("");
        lines.addAll(user(figures.user()));
        return lines.stream().map(line -> cut(line, width)).toList();
    }

    /** The most important figures in one line. */
    public static String line(Figures figures) {
        ModelCheckpoint last = figures.training().last();
        return String.format(
                Locale.ROOT,
                "%s %s | %,d events, %.0f/s, %,d counted | %,d lists for %,d users | %d dead"
                        + " letters | %,d windows, loss %s | version %s, %s | HR@10 live %s,"
                        + " frozen %s, lists %s",
                clock(figures.elapsedMillis()),
                figures.phase(),
                figures.stream().sent(),
                figures.stream().perSecond(),
                figures.job().counted(),
                figures.lists().received(),
                figures.lists().users(),
                figures.stream().deadLetters(),
                figures.training().windows(),
                last == null ? "-" : decimal(last.loss()),
                last == null ? "-" : Long.toString(last.version()),
                verdicts(figures.training()),
                decimal(figures.live().hitRate()),
                decimal(figures.frozen().hitRate()),
                decimal(figures.served().hitRate()));
    }

    private static String head(Figures figures) {
        return "Freshet demo "
                + clock(figures.elapsedMillis())
                + "  "
                + figures.phase()
                + address("Page", figures.gateway())
                + address("Flink", figures.webUi());
    }

    private static String address(String name, String url) {
        return url.isEmpty() ? "" : "  %s: %s".formatted(name, url);
    }

    /** How the followed user's list is asked for; empty before it can be. */
    private static String ask(Figures figures) {
        Figures.User user = figures.user();
        return user == null || figures.gateway().isEmpty()
                ? ""
                : "ask       curl -s %s/users/%s/recommendations"
                        .formatted(figures.gateway(), user.userId());
    }

    private static List<String> stream(Figures.Stream stream) {
        String time =
                stream.shopMillis() == 0
                        ? ""
                        : "  shop time "
                                + SHOP_TIME.format(Instant.ofEpochMilli(stream.shopMillis()));
        return List.of(
                String.format(
                        Locale.ROOT,
                        "stream    %,d events, %.0f/s, after %,d of history%s",
                        stream.sent(),
                        stream.perSecond(),
                        stream.history(),
                        time),
                String.format(
                        Locale.ROOT,
                        "          %,d late, %,d sent twice, %,d broken; %,d dead letters%s",
                        stream.late(),
                        stream.again(),
                        stream.broken(),
                        stream.deadLetters(),
                        stream.lastReason().isEmpty() ? "" : ", last: " + stream.lastReason()));
    }

    private static String job(Figures figures) {
        Figures.Job job = figures.job();
        return String.format(
                Locale.ROOT,
                "job       %,d of %,d records counted: %,d accepted, %,d late, %,d duplicates, %,d"
                        + " refused%s",
                job.counted(),
                figures.stream().interactions(),
                job.accepted(),
                job.late(),
                job.duplicates(),
                job.refused(),
                job.others() == 0 ? "" : String.format(Locale.ROOT, ", %,d others", job.others()));
    }

    private static String lists(Figures.Lists lists) {
        String first =
                lists.firstAfterMillis() < 0
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                ", first after %.1f s",
                                lists.firstAfterMillis() / 1000.0);
        return String.format(
                Locale.ROOT,
                "lists     %,d, %.0f/s, for %,d of %,d users%s",
                lists.received(),
                lists.perSecond(),
                lists.users(),
                lists.active(),
                first);
    }

    private static List<String> training(Figures.Training training) {
        String windows =
                String.format(Locale.ROOT, "training  %,d windows trained", training.windows());
        ModelCheckpoint last = training.last();
        if (last == null) {
            return List.of(windows + ", no verdict yet", "");
        }
        return List.of(
                String.format(
                        Locale.ROOT,
                        "%s, version %d is live; verdicts: %s",
                        windows,
                        last.version(),
                        verdicts(training)),
                String.format(
                        Locale.ROOT,
                        "          last at window %d: %,d events in %,d sequences, trained %.1f s,"
                                + " loss %s, %s: %s",
                        last.window(),
                        last.interactions(),
                        last.sequences(),
                        last.trainingMillis() / 1000.0,
                        decimal(last.loss()),
                        words(last.verdict()),
                        last.reason()));
    }

    /** How often each verdict was given; promotions always, the others if they ever were. */
    private static String verdicts(Figures.Training training) {
        return Arrays.stream(Verdict.values())
                .filter(verdict -> verdict == Verdict.PROMOTED || training.count(verdict) > 0)
                .map(
                        verdict ->
                                String.format(
                                        Locale.ROOT,
                                        "%,d %s",
                                        training.count(verdict),
                                        words(verdict)))
                .collect(Collectors.joining(", "));
    }

    private static String words(Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static List<String> quality(Figures figures) {
        List<Float> all =
                Stream.of(figures.live(), figures.frozen(), figures.served())
                        .flatMap(quality -> quality.curve().stream())
                        .toList();
        float most = (float) all.stream().mapToDouble(Float::doubleValue).max().orElse(1);
        return List.of(
                quality("HR@10     live model   ", figures.live(), most)
                        + "  a bar a test on what it has not been trained on",
                quality("          same, frozen ", figures.frozen(), most),
                quality("          lists        ", figures.served(), most)
                        + "  as of just before what users chose");
    }

    private static String quality(String name, Figures.Quality quality, float most) {
        return String.format(
                Locale.ROOT,
                "%s %5s  %s",
                name,
                decimal(quality.hitRate()),
                Sparkline.of(quality.curve(), 0, most, CURVE));
    }

    private static List<String> user(Figures.@Nullable User user) {
        if (user == null) {
            return List.of("user      nobody to follow yet");
        }
        List<String> lines = new ArrayList<>();
        lines.add(
                "user      "
                        + user.userId()
                        + (user.version() > 0 ? ", list of model " + user.version() : ""));
        for (Figures.UserAction action : user.actions()) {
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "          %2d s ago %s %s",
                            action.secondsAgo(),
                            verb(action.type()),
                            action.title()));
        }
        Figures.@Nullable RejectedBrand rejected = user.rejected();
        if (rejected != null) {
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "          and so of %s: %d on the list before, %d now",
                            rejected.brand(),
                            rejected.before(),
                            rejected.now()));
        }
        int room = rejected == null ? ENTRIES : ENTRIES - 1;
        for (int place = 1; place <= Math.min(room, user.entries().size()); place++) {
            lines.add(entry(place, user.entries().get(place - 1)));
        }
        return lines;
    }

    private static String verb(String type) {
        return switch (type) {
            case ShopRecord.Action.LOOK -> "looked at";
            case ShopRecord.Action.CART -> "put into the cart";
            case ShopRecord.Action.RETURN -> "returned";
            case ShopRecord.Action.HIDE -> "hid";
            case ShopRecord.Action.PURCHASE -> "bought";
            default -> "chose";
        };
    }

    private static String entry(int place, Figures.Entry entry) {
        String move = "  ";
        if (entry.before() == 0) {
            move = "* ";
        } else if (entry.before() != place) {
            move = entry.before() > place ? "↑ " : "↓ ";
        }
        return String.format(
                Locale.ROOT,
                "       %2d %s%-" + TITLE + "s  %s",
                place,
                move,
                cut(entry.title(), TITLE),
                why(entry.source(), entry.because()));
    }

    private static String why(RecommendedItem.Source source, String because) {
        String words =
                switch (source) {
                    case MODEL -> "the model";
                    case TRANSITION -> "chosen after";
                    case REPEAT -> "chosen before";
                    case POPULARITY -> "popular now";
                    case CATALOG -> "new";
                    case EXPOSURE -> "shown lately";
                    case REJECTION -> "rejected lately";
                    case CONTENT -> "alike";
                    case EXPLORATION -> "new, on trial";
                };
        return because.isEmpty() ? words : words + ": " + because;
    }

    private static String decimal(float value) {
        return Float.isFinite(value) ? String.format(Locale.ROOT, "%.3f", value) : "-";
    }

    private static String clock(long millis) {
        long seconds = millis / 1000;
        return String.format(
                Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    private static String cut(String line, int width) {
        return line.length() <= width ? line : line.substring(0, width - 1) + "…";
    }
}
