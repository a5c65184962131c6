package io.freshet;

import io.freshet.demo.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * A broker that lets users in by SASL_SSL with SCRAM-SHA-512, and holds them to their rights
 * (StandardAuthorizer); its certificate is made by the JDK's keytool. On a listener of its own, for
 * the test itself, everything is allowed.
 */
final class TestingSecureKafka implements AutoCloseable {

    private static final int ITERATIONS = 4096;
    private static final String STORE_PASSWORD = "changeit-truststore";

    private final Path directory;
    private final int securePort;
    private final EmbeddedKafka broker;
    private final Admin admin;

    /**
     * @param directory for keys
     */
    TestingSecureKafka(Path directory) throws Exception {
        this.directory = directory;
        this.securePort = EmbeddedKafka.freePort();
        makeKeys();
        this.broker = EmbeddedKafka.start(this::secure);
        this.admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    /** Where users connect. */
    String secureServers() {
        return "127.0.0.1:" + securePort;
    }

    /** Where everything is allowed, without encryption. */
    String openServers() {
        return broker.bootstrapServers();
    }

    void createTopic(String name, Map<String, String> configs) {
        broker.createTopic(name, 1, configs);
    }

    void setTopicConfig(String topic, String key, String value) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        var operation = new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(resource, List.of(operation))).all().get();
    }

    void addUser(String name, String password) throws ExecutionException, InterruptedException {
        var mechanism = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS);
        admin.alterUserScramCredentials(
                        List.of(new UserScramCredentialUpsertion(name, mechanism, password)))
                .all()
                .get();
    }

    void grant(String user, ResourceType type, String name, AclOperation operation)
            throws ExecutionException, InterruptedException {
        PatternType pattern =
                type == ResourceType.TRANSACTIONAL_ID ? PatternType.PREFIXED : PatternType.LITERAL;
        admin.createAcls(
                        List.of(
                                new AclBinding(
                                        new ResourcePattern(type, name, pattern),
                                        new AccessControlEntry(
                                                "User:" + user,
                                                "*",
                                                operation,
                                                AclPermissionType.ALLOW))))
                .all()
                .get();
    }

    /** Takes all rights. */
    void revokeAll() throws ExecutionException, InterruptedException {
        admin.deleteAcls(List.of(AclBindingFilter.ANY)).all().get();
    }

    /** A trust store with the broker's certificate. */
    Path trustStore() {
        return directory.resolve("trust.p12");
    }

    static String storePassword() {
        return STORE_PASSWORD;
    }

    @Override
    public void close() {
        admin.close();
        broker.close();
    }

    private void secure(Properties properties) {
        String listener = "SECURE://" + secureServers();
        properties.merge("listeners", "," + listener, (a, b) -> a.toString() + b);
        properties.merge("advertised.listeners", "," + listener, (a, b) -> a.toString() + b);
        properties.merge(
                "listener.security.protocol.map", ",SECURE:SASL_SSL", (a, b) -> a.toString() + b);
        properties.put("sasl.enabled.mechanisms", "SCRAM-SHA-512");
        properties.put(
                "listener.name.secure.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        properties.put("ssl.keystore.type", "PKCS12");
        properties.put("ssl.keystore.location", directory.resolve("broker.p12").toString());
        properties.put("ssl.keystore.password", STORE_PASSWORD);
        properties.put(
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        properties.put("super.users", "User:ANONYMOUS");
    }

    private void makeKeys() throws IOException, InterruptedException {
        Path keys = directory.resolve("broker.p12");
        Path certificate = directory.resolve("broker.pem");
        String name = "broker";
        keytool(
                keys,
                "-genkeypair",
                "-alias",
                name,
                "-dname",
                "CN=broker",
                "-keyalg",
                "RSA",
                "-ext",
                "SAN=ip:127.0.0.1",
                "-validity",
                "2");
        keytool(keys, "-exportcert", "-rfc", "-alias", name, "-file", certificate.toString());
        keytool(
                trustStore(),
                "-importcert",
                "-noprompt",
                "-alias",
                name,
                "-file",
                certificate.toString());
    }

    private static void keytool(Path store, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(
                List.of(
                        "-keystore",
                        store.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        STORE_PASSWORD));
        Path log = Files.createTempFile(store.getParent(), "keytool", ".log");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
            throw new IOException("keytool failed: " + Files.readString(log));
        }
    }
}
