// A lookup in the Person API with nothing but the JDK (17 or newer).
//
// 1. Sign a client assertion with the client's key (private_key_jwt).
// 2. Get an access token from HelseID, bound to a key of our own (DPoP). The first request is
//    answered with a nonce; the second carries it.
// 3. Call the API with the token and a new proof, signed with that same key.
//
//   ISSUER=… CLIENT_ID=… KEY_FILE=client.jwk SCOPE=… API=… java Lookup.java < number.txt
//
// A program of your own has a JSON library: use it where this one looks for members by pattern.

import java.math.BigInteger;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

public final class Lookup {
    private static final Base64.Encoder TO_BASE64URL = Base64.getUrlEncoder().withoutPadding();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    public static void main(String[] arguments) throws Exception {
        String issuer = set("ISSUER");
        String clientId = set("CLIENT_ID");
        String scope = set("SCOPE");
        String api = set("API");
        String jwk = Files.readString(Path.of(set("KEY_FILE")));
        String number = new String(System.in.readAllBytes(), StandardCharsets.UTF_8).strip();

        // A key pair of our own, for as long as the process lives. It never leaves it.
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair proofKey = generator.generateKeyPair();
        String token = getToken(issuer, clientId, scope, jwk, proofKey);

        // The package is in the path. The number is in the body: addresses end up in logs.
        String scopesPackage = scope.substring(scope.lastIndexOf('/') + 1);
        String url = api + "/api/v3/" + scopesPackage + "/person/get-by-nin";
        String query = "?informationParts=Name,ResidentialAddress&includeHistory=false";
        HttpResponse<String> answer = HTTP.send(
            post(url + query, Map.of("nin", number))
                .header("Authorization", "DPoP " + token)
                .header("DPoP", proof(proofKey, "POST", url, ",\"ath\":\"" + hash(token) + "\""))
                .build(),
            HttpResponse.BodyHandlers.ofString());
        System.out.println(answer.body());
        if (answer.statusCode() != 200) {
            System.err.println(answer.statusCode() + ": " + member(answer.body(), "title"));
            System.exit(1);
        }
    }

    // Bound to the key of the proofs; without one, the plain bearer token that version 2 takes.
    static String getToken(
            String issuer, String clientId, String scope, String jwk, KeyPair proofKey)
            throws Exception {
        URI metadata = URI.create(issuer + "/.well-known/openid-configuration");
        String url = member(HTTP.send(HttpRequest.newBuilder(metadata).build(),
            HttpResponse.BodyHandlers.ofString()).body(), "token_endpoint");
        String nonce = "";
        for (int attempt = 0; attempt < 2; attempt++) {
            Map<String, String> form = Map.of(
                "grant_type", "client_credentials",
                "client_id", clientId,
                "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion", assertion(issuer, clientId, jwk),
                "scope", scope);
            HttpRequest.Builder request = post(url, form);
            if (proofKey != null) {
                request.header("DPoP", proof(proofKey, "POST", url, nonce));
            }
            HttpResponse<String> answer =
                HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == 200) {
                // Keep the token, with its key, for the expires_in seconds that it is good for.
                return member(answer.body(), "access_token");
            }
            String error = member(answer.body(), "error");
            if (!error.equals("use_dpop_nonce")) {
                throw new IllegalStateException("HelseID refuses: " + error);
            }
            String given = answer.headers().firstValue("DPoP-Nonce").orElseThrow();
            nonce = ",\"nonce\":\"" + given + "\"";
        }
        throw new IllegalStateException("HelseID asks for a nonce again and again");
    }

    // A new one for each request: HelseID takes each only once.
    private static String assertion(String issuer, String clientId, String jwk) throws Exception {
        String algorithm = algorithm(jwk);
        String header = "{\"typ\":\"client-authentication+jwt\",\"alg\":\"" + algorithm
            + "\",\"kid\":\"" + member(jwk, "kid") + "\"}";
        long now = Instant.now().getEpochSecond();
        String claims = "{\"iss\":\"" + clientId + "\",\"sub\":\"" + clientId + "\",\"aud\":\""
            + issuer + "\",\"iat\":" + now + ",\"nbf\":" + now + ",\"exp\":" + (now + 30)
            + ",\"jti\":\"" + UUID.randomUUID() + "\"}";
        return sign(header, claims, algorithm, privateKey(jwk));
    }

    // A proof for one request. The URL is without its query, exactly as it is called.
    static String proof(KeyPair key, String method, String url, String more)
            throws Exception {
        ECPublicKey point = (ECPublicKey) key.getPublic();
        String header = "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":{\"kty\":\"EC\","
            + "\"crv\":\"P-256\",\"x\":\"" + coordinate(point.getW().getAffineX())
            + "\",\"y\":\"" + coordinate(point.getW().getAffineY()) + "\"}}";
        String claims = "{\"jti\":\"" + UUID.randomUUID() + "\",\"htm\":\"" + method
            + "\",\"htu\":\"" + url + "\",\"iat\":" + Instant.now().getEpochSecond() + more + "}";
        return sign(header, claims, "ES256", key.getPrivate());
    }

    private static String sign(String header, String claims, String algorithm, PrivateKey key)
            throws Exception {
        String signed = base64url(header.getBytes(StandardCharsets.UTF_8)) + "."
            + base64url(claims.getBytes(StandardCharsets.UTF_8));
        Signature signature = switch (algorithm) {
            // Two numbers side by side, as JWS wants them, not the JDK's usual DER.
            case "ES256" -> Signature.getInstance("SHA256withECDSAinP1363Format");
            case "ES384" -> Signature.getInstance("SHA384withECDSAinP1363Format");
            case "RS256" -> Signature.getInstance("SHA256withRSA");
            case "PS256" -> Signature.getInstance("RSASSA-PSS");
            default -> throw new IllegalArgumentException("this sample does not know " + algorithm);
        };
        if (algorithm.equals("PS256")) {
            signature.setParameter(
                new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        }
        signature.initSign(key);
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + base64url(signature.sign());
    }

    private static String algorithm(String jwk) {
        if (member(jwk, "kty").equals("RSA")) {
            return member(jwk, "alg");
        }
        return member(jwk, "crv").equals("P-256") ? "ES256" : "ES384";
    }

    private static PrivateKey privateKey(String jwk) throws Exception {
        if (member(jwk, "kty").equals("RSA")) {
            return KeyFactory.getInstance("RSA").generatePrivate(new RSAPrivateCrtKeySpec(
                integer(jwk, "n"), integer(jwk, "e"), integer(jwk, "d"), integer(jwk, "p"),
                integer(jwk, "q"), integer(jwk, "dp"), integer(jwk, "dq"), integer(jwk, "qi")));
        }
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec(
            member(jwk, "crv").equals("P-256") ? "secp256r1" : "secp384r1"));
        return KeyFactory.getInstance("EC").generatePrivate(new ECPrivateKeySpec(
            integer(jwk, "d"), curve.getParameterSpec(ECParameterSpec.class)));
    }

    private static BigInteger integer(String jwk, String name) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(member(jwk, name)));
    }

    // 32 bytes, whatever the number.
    private static String coordinate(BigInteger number) {
        byte[] bytes = new byte[32];
        byte[] shown = number.toByteArray();
        int length = Math.min(shown.length, 32);
        System.arraycopy(shown, shown.length - length, bytes, 32 - length, length);
        return base64url(bytes);
    }

    // SHA-256 in base64url: binds a proof to its token.
    static String hash(String text) throws Exception {
        return base64url(MessageDigest.getInstance("SHA-256")
            .digest(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private static HttpRequest.Builder post(String url, Map<String, String> form) {
        String body = form.entrySet().stream()
            .map(field -> field.getKey() + "="
                + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
        return HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private static String member(String json, String name) {
        var found = Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"]*)\"").matcher(json);
        if (!found.find()) {
            throw new IllegalArgumentException("there is no " + name);
        }
        return found.group(1);
    }

    private static String base64url(byte[] bytes) {
        return TO_BASE64URL.encodeToString(bytes);
    }

    private static String set(String name) {
        String value = System.getenv(name);
        if (value == null) {
            throw new IllegalArgumentException(name + " is not set");
        }
        return value;
    }
}
