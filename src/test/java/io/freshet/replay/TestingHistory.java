package io.freshet.replay;

import io.freshet.config.FreshetConfig;
import io.freshet.config.IngestConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.flink.configuration.Configuration;

/** A small generated history: users who go along a ring of items, a few steps at a time. */
public final class TestingHistory {

    public static final String HEADER = "user_id,item_id,event_type,rating,timestamp_ms\n";
    public static final long START = 1_600_000_000_000L;

    private TestingHistory() {}

    /** The defaults of all options, but times from 0 on. */
    public static FreshetConfig anyTime() {
        return FreshetConfig.from(new Configuration().set(IngestConfig.EARLIEST, 0L));
    }

    /** Writes {@code interactions.csv.gz} and {@code items.csv} into a directory. */
    public static void write(Path directory, int rows, int users, int items, long millisBetweenRows)
            throws IOException {
        Random random = new Random(7);
        int[] at = random.ints(users, 0, items).toArray();
        StringBuilder interactions = new StringBuilder(HEADER);
        for (int row = 0; row < rows; row++) {
            int user = random.nextInt(users);
            at[user] = (at[user] + 1 + random.nextInt(2)) % items;
            long time = START + row / 3 * 3 * millisBetweenRows;
            interactions.append("u%d,i%d,click,,%d\n".formatted(user, at[user], time));
        }
        gzip(directory.resolve("interactions.csv.gz"), interactions.toString());
        StringBuilder catalog = new StringBuilder("item_id,title,categories\n");
        for (int item = 0; item < items; item++) {
            catalog.append(
                    "i%d,\"Thing, number %d\",ring|part %d\n".formatted(item, item, item / 5));
        }
        Files.writeString(directory.resolve("items.csv"), catalog);
    }

    /** Writes text as a compressed file. */
    public static void gzip(Path file, String text) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** The lines of a compressed file. */
    public static List<String> gunzip(Path file) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            return new ArrayList<>(
                    new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
        }
    }
}
