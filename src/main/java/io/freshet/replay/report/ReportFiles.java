package io.freshet.replay.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes what came of replays for programs and for people. */
public final class ReportFiles {

    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private ReportFiles() {}

    /** Writes {@code report.json} and {@code report.md} into a directory. */
    public static void write(Path directory, Report report) throws IOException {
        write(directory, "report", report, ReportTable.markdown(report));
    }

    /**
     * Writes {@code name.json} and {@code name.md} into a directory.
     *
     * @param figures a record, whose components become the fields of the JSON
     */
    public static void write(Path directory, String name, Record figures, String markdown)
            throws IOException {
        Files.writeString(
                directory.resolve(name + ".json"), MAPPER.writeValueAsString(figures) + "\n");
        Files.writeString(directory.resolve(name + ".md"), markdown);
    }
}
