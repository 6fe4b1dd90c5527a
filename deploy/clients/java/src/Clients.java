// Calls a running API with the clients that were generated from its two documents: lookups of all
// kinds, searches and the event feed, in both rights packages. The generated classes are made to
// refuse every field and value that the document does not name.
//
//   API=… ISSUER=… java Clients          (ISSUER is the sandbox's HelseID)

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

public final class Clients {
    static final ObjectMapper JSON = new ObjectMapper();

    /** What happens to too few for somebody among some thousand to have it. */
    static final List<String> RARE = List.of(
        "legal-authority", "preferred-contact-address", "svalbard", "sami-language");

    /** What FREG never began to deliver, or has stopped delivering. */
    static final Set<String> NEVER_DELIVERED =
        Set.of("deprivedLegalAuthority", "samiParliamentElectoralRegistryStatus");

    public static void main(String[] arguments) throws Exception {
        String api = System.getenv("API");
        Sandbox sandbox = new Sandbox(System.getenv("ISSUER"));
        sandbox.makeRareThingsHappen();
        new V3(api, sandbox).call();
        new V2(api, sandbox).call();
    }

    /** Fails unless it is so. */
    static void must(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
    }

    static void say(String what) {
        System.out.println("java: " + what);
    }

    /** Makes a client's mapper refuse what is not in the document, and sees that it does. */
    static ObjectMapper strict(ObjectMapper mapper, Class<?> person) throws Exception {
        mapper.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        mapper.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        for (String surplus : List.of("{\"shoeSize\":43}", "{\"name\":[{\"shoeSize\":43}]}")) {
            try {
                mapper.readValue(surplus, person);
            } catch (UnrecognizedPropertyException expected) {
                continue;
            }
            throw new IllegalStateException("a surplus field goes through unseen: " + surplus);
        }
        return mapper;
    }

    /** Looks a person up, and gives what was answered. */
    interface LookUp {
        Object of(String number) throws Exception;
    }

    /** Looks everybody up, until there was an answer with each field that a person can have. */
    static void seeEveryField(Class<?> person, Sandbox sandbox, ObjectMapper json, LookUp lookUp)
            throws Exception {
        Set<String> missing = new TreeSet<>();
        for (var field : person.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers())) {
                missing.add(field.getName());
            }
        }
        missing.removeAll(NEVER_DELIVERED);
        List<String> numbers = sandbox.numbers();
        // What has just happened takes a moment until it is in the register.
        for (int attempt = 0; !missing.isEmpty() && attempt < 60; attempt++) {
            for (String number : numbers) {
                JsonNode answer = json.valueToTree(lookUp.of(number));
                answer.fieldNames().forEachRemaining(missing::remove);
            }
            numbers = sandbox.rare;
            Thread.sleep(500);
        }
        must(missing.isEmpty(), "no test person has " + missing);
    }

    /** What the sandbox tells of itself. */
    static final class Sandbox {
        private final HttpClient http = HttpClient.newHttpClient();
        private final String address;
        /** Those to whom something rare has happened. */
        final List<String> rare = new ArrayList<>();

        Sandbox(String address) {
            this.address = address;
        }

        void makeRareThingsHappen() throws Exception {
            for (String kind : RARE) {
                var body = HttpRequest.BodyPublishers.ofString("{\"kind\":\"" + kind + "\"}");
                rare.add(ask("/sandbox/changes", "POST", body).get("number").asText());
            }
        }

        /** The numbers of persons of every kind that there is, and of many ordinary ones. */
        List<String> numbers() throws Exception {
            List<String> numbers = new ArrayList<>();
            for (String path : List.of("/sandbox/page/persons", "/sandbox/persons?limit=100")) {
                for (JsonNode person : get(path).get("persons")) {
                    numbers.add(person.get("number").asText());
                }
            }
            return numbers;
        }

        /** A token for one scope; bound to the key, unless there is none. */
        String token(String scope, KeyPair proofKey) throws Exception {
            String id = "sandbox-both";
            for (JsonNode client : get("/sandbox/clients")) {
                if (client.get("client_id").asText().equals(id)) {
                    String jwk = client.get("private_jwk").toString();
                    return Lookup.getToken(
                        address, id, "nhn:hgd-persontjenesten-api/" + scope, jwk, proofKey);
                }
            }
            throw new IllegalStateException("the sandbox has no client " + id);
        }

        private JsonNode get(String path) throws Exception {
            return ask(path, "GET", HttpRequest.BodyPublishers.noBody());
        }

        private JsonNode ask(String path, String method, HttpRequest.BodyPublisher body)
                throws Exception {
            HttpRequest request = HttpRequest.newBuilder(URI.create(address + path))
                .header("Content-Type", "application/json").method(method, body).build();
            var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            must(answer.statusCode() == 200, path + " is answered " + answer.statusCode());
            return JSON.readTree(answer.body());
        }
    }
}
