package io.freshet.store;

import io.freshet.event.ModelRevision;
import io.freshet.event.OffsetRange;
import io.freshet.runtime.Sha256;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a model version is and where it came from: {@code manifest.json} of its directory. What an
 * older file lacks is 0 or empty.
 *
 * @param version its number, from 1
 * @param parent the version that training started from, 0 for none
 * @param createdAt wall-clock time of writing, ISO 8601
 * @param window running number of the training window that made it, 0 for pre-training
 * @param windowStart first event time of the window, milliseconds since the epoch
 * @param windowEnd exclusive end of the window in event time, milliseconds since the epoch
 * @param trainedThrough every interaction up to this event time is trained in, milliseconds since
 *     the epoch
 * @param offsets source offsets that the window trained on
 * @param trainedOffsets source offsets trained on since the base version
 * @param counts how much there was of what, by name
 * @param configHash SHA-256 of the configuration that shapes the weights
 * @param content what items' content vectors are made of, part by part; versions with other words
 *     can't read them
 * @param metrics what was measured, by name; what is not known is left out
 * @param key identity of the work: same key, same version (parent, offsets, configuration)
 * @param reason why it was promoted, in words and figures
 * @param files every other file of the directory, ascending by path
 * @param lastUpdate number of the newest update of the parent that the version holds: the version
 *     has the weights of the parent with the updates up to this one; 0 if there is none
 * @param lastUpdateFingerprint SHA-256 of that update's file; empty if there is none
 * @param writer program that wrote the version; empty if that was another than Freshet, or a
 *     release that did not say so. Whoever can write to the store can write this, too
 */
public record Manifest(
        long version,
        long parent,
        String createdAt,
        long window,
        long windowStart,
        long windowEnd,
        long trainedThrough,
        List<OffsetRange> offsets,
        List<OffsetRange> trainedOffsets,
        Map<String, Long> counts,
        String configHash,
        String content,
        Map<String, Double> metrics,
        String key,
        String reason,
        List<FileEntry> files,
        long lastUpdate,
        String lastUpdateFingerprint,
        String writer) {

    /** Freshet as a writer. */
    static final String FRESHET = "freshet";

    /** Name of the file in a version's directory. */
    public static final String FILE = "manifest.json";

    public Manifest {
        createdAt = orEmpty(createdAt);
        offsets = orEmpty(offsets);
        trainedOffsets = orEmpty(trainedOffsets);
        counts = orEmpty(counts);
        configHash = orEmpty(configHash);
        content = orEmpty(content);
        metrics = orEmpty(metrics);
        key = orEmpty(key);
        reason = orEmpty(reason);
        files = orEmpty(files);
        lastUpdateFingerprint = orEmpty(lastUpdateFingerprint);
        writer = orEmpty(writer);
    }

    /**
     * One file of a model version.
     *
     * @param path path below the version's directory, separated by {@code /}
     * @param size length in bytes
     * @param sha256 SHA-256 of the content, 64 hexadecimal digits in lower case
     */
    public record FileEntry(String path, long size, String sha256) {}

    /** Whether a job has made the version, and not {@code freshet pretrain} or somebody else. */
    boolean ofAJob() {
        return window > 0;
    }

    /** The training window that made a version, see {@link Manifest}. */
    public record Window(long number, long start, long end, long trainedThrough) {}

    /** What a version was trained on and how that went, see {@link Manifest}. */
    public record Training(
            List<OffsetRange> offsets,
            List<OffsetRange> trainedOffsets,
            Map<String, Long> counts,
            Map<String, Double> metrics) {}

    /** Identity of the work that made a version, see {@link Manifest}. */
    public record Work(String key, String configHash, String content, String reason) {}

    /**
     * A manifest to write a version with.
     *
     * @param made the revision whose weights the version has; its version is the parent
     */
    public static Manifest draft(
            long version, ModelRevision made, Window window, Training training, Work work) {
        return new Manifest(
                version,
                made.version(),
                "",
                window.number(),
                window.start(),
                window.end(),
                window.trainedThrough(),
                training.offsets(),
                training.trainedOffsets(),
                training.counts(),
                work.configHash(),
                work.content(),
                training.metrics(),
                work.key(),
                work.reason(),
                List.of(),
                made.update(),
                made.updateFingerprint(),
                "");
    }

    /** Whether it says that Freshet wrote the version: a job, or {@code freshet pretrain}. */
    public boolean writtenByFreshet() {
        return writer.equals(FRESHET);
    }

    /** This manifest with the files that Freshet has written, and when. */
    Manifest withFiles(List<FileEntry> written, Instant now) {
        return new Manifest(
                version,
                parent,
                now.toString(),
                window,
                windowStart,
                windowEnd,
                trainedThrough,
                offsets,
                trainedOffsets,
                counts,
                configHash,
                content,
                metrics,
                key,
                reason,
                written,
                lastUpdate,
                lastUpdateFingerprint,
                FRESHET);
    }

    /** The version without updates. */
    public ModelRevision revision() {
        return ModelRevision.ofVersion(version, fingerprint());
    }

    /**
     * What distinguishes this version from every other, of this number or not: the SHA-256 of its
     * files' lines {@code <sha256> <path>}, as {@code sha256sum} prints them.
     */
    public String fingerprint() {
        StringBuilder lines = new StringBuilder();
        for (FileEntry file : files) {
            lines.append(file.sha256()).append("  ").append(file.path()).append('\n');
        }
        return Sha256.of(lines.toString());
    }

    /** SHA-256 of one of the files, empty if there is none of that path. */
    public String sha256(String path) {
        return files.stream()
                .filter(file -> file.path().equals(path))
                .map(FileEntry::sha256)
                .findFirst()
                .orElse("");
    }

    /** A metric, or NaN if it is not known. */
    public float metric(String name) {
        Double value = metrics.get(name);
        return value == null ? Float.NaN : value.floatValue();
    }

    /** A count, or 0 if there is none of that name. */
    public long count(String name) {
        return counts.getOrDefault(name, 0L);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    private static <V> Map<String, V> orEmpty(@Nullable Map<String, V> map) {
        return map == null ? Map.of() : Map.copyOf(map);
    }
}
