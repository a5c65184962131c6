package io.freshet.replay.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a report for programs and for people. */
public final class ReportFiles {

    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private ReportFiles() {}

    /** Writes {@code report.json} and {@code report.md} into a directory. */
    public static void write(Path directory, Report report) throws IOException {
        Files.writeString(
                directory.resolve("report.json"), MAPPER.writeValueAsString(report) + "\n");
        Files.writeString(directory.resolve("report.md"), ReportTable.markdown(report));
    }
}
