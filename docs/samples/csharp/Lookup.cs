// A lookup in the Person API with nothing but .NET (8 or newer).
//
// NOT COMPILED by the tests of this repository, which have no .NET: it was written beside the
// samples in Rust and Java, which are run, and uses only the standard library. Tell us if it does
// not build.
//
// 1. Sign a client assertion with the client's key (private_key_jwt).
// 2. Get an access token from HelseID, bound to a key of our own (DPoP). The first request is
//    answered with a nonce; the second carries it.
// 3. Call the API with the token and a new proof, signed with that same key.
//
//   dotnet new console -o lookup && cp Lookup.cs lookup/Program.cs && cd lookup
//   ISSUER=… CLIENT_ID=… KEY_FILE=client.jwk SCOPE=… API=… dotnet run < number.txt
//
// HelseID's own library for .NET does steps 1 and 2, and keeps the token.

using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

string issuer = Set("ISSUER"), clientId = Set("CLIENT_ID"), scope = Set("SCOPE"), api = Set("API");
JsonNode jwk = JsonNode.Parse(File.ReadAllText(Set("KEY_FILE")))!;
string number = Console.In.ReadToEnd().Trim();
using var http = new HttpClient();

// A key pair of our own, for as long as the process lives. It never leaves it.
using var proofKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
string token = await GetToken();

// The package is in the path. The number is in the body: addresses end up in logs.
string url = $"{api}/api/v3/{scope[(scope.LastIndexOf('/') + 1)..]}/person/get-by-nin";
using var request = new HttpRequestMessage(
    HttpMethod.Post, url + "?informationParts=Name,ResidentialAddress&includeHistory=false");
request.Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["nin"] = number });
request.Headers.Authorization = new AuthenticationHeaderValue("DPoP", token);
request.Headers.Add("DPoP", Proof("POST", url, new JsonObject { ["ath"] = Hash(token) }));
using var answer = await http.SendAsync(request);
string body = await answer.Content.ReadAsStringAsync();
Console.WriteLine(body);
if (!answer.IsSuccessStatusCode)
{
    Console.Error.WriteLine($"{(int)answer.StatusCode}: {JsonNode.Parse(body)?["title"]}");
    return 1;
}
return 0;

async Task<string> GetToken()
{
    var metadata = JsonNode.Parse(
        await http.GetStringAsync($"{issuer}/.well-known/openid-configuration"))!;
    string endpoint = (string)metadata["token_endpoint"]!;
    var more = new JsonObject();
    for (int attempt = 0; attempt < 2; attempt++)
    {
        using var asked = new HttpRequestMessage(HttpMethod.Post, endpoint);
        asked.Content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = clientId,
            ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ["client_assertion"] = Assertion(),
            ["scope"] = scope,
        });
        asked.Headers.Add("DPoP", Proof("POST", endpoint, more));
        using var given = await http.SendAsync(asked);
        var told = JsonNode.Parse(await given.Content.ReadAsStringAsync())!;
        if (given.IsSuccessStatusCode)
        {
            // Keep the token, with its key, for the expires_in seconds that it is good for.
            return (string)told["access_token"]!;
        }
        if ((string?)told["error"] != "use_dpop_nonce")
        {
            throw new InvalidOperationException($"HelseID refuses: {told["error"]}");
        }
        more = new JsonObject { ["nonce"] = given.Headers.GetValues("DPoP-Nonce").First() };
    }
    throw new InvalidOperationException("HelseID asks for a nonce again and again");
}

// A new one for each request: HelseID takes each only once.
string Assertion()
{
    var header = new JsonObject
    {
        ["typ"] = "client-authentication+jwt", ["alg"] = Algorithm(), ["kid"] = (string?)jwk["kid"],
    };
    var claims = new JsonObject
    {
        ["iss"] = clientId, ["sub"] = clientId, ["aud"] = issuer, ["iat"] = Now(), ["nbf"] = Now(),
        ["exp"] = Now() + 30, ["jti"] = Guid.NewGuid().ToString(),
    };
    return Sign(header, claims, SignWithClientKey);
}

// A proof for one request. The URL is without its query, exactly as it is called.
string Proof(string method, string address, JsonObject more)
{
    ECPoint point = proofKey.ExportParameters(false).Q;
    var header = new JsonObject
    {
        ["typ"] = "dpop+jwt", ["alg"] = "ES256",
        ["jwk"] = new JsonObject
        {
            ["kty"] = "EC", ["crv"] = "P-256",
            ["x"] = Base64Url(point.X!), ["y"] = Base64Url(point.Y!),
        },
    };
    var claims = new JsonObject
    {
        ["jti"] = Guid.NewGuid().ToString(), ["htm"] = method, ["htu"] = address, ["iat"] = Now(),
    };
    foreach (var (name, value) in more)
    {
        claims[name] = value?.DeepClone();
    }
    // Two numbers side by side, as JWS wants them: .NET's usual form of an ECDSA signature.
    return Sign(header, claims, bytes => proofKey.SignData(bytes, HashAlgorithmName.SHA256));
}

string Sign(JsonObject header, JsonObject claims, Func<byte[], byte[]> sign)
{
    // Unescaped, so that an address is signed as it is called.
    var plain = new JsonSerializerOptions
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
    string Part(JsonObject json) => Base64Url(Encoding.UTF8.GetBytes(json.ToJsonString(plain)));
    string signed = $"{Part(header)}.{Part(claims)}";
    return $"{signed}.{Base64Url(sign(Encoding.ASCII.GetBytes(signed)))}";
}

string Algorithm() => ((string?)jwk["kty"], (string?)jwk["crv"]) switch
{
    ("EC", "P-256") => "ES256",
    ("EC", "P-384") => "ES384",
    ("RSA", _) when (string?)jwk["alg"] is "RS256" or "PS256" => (string)jwk["alg"]!,
    _ => throw new NotSupportedException("this sample knows ES256, ES384, RS256 and PS256"),
};

byte[] SignWithClientKey(byte[] bytes)
{
    byte[] Member(string name) => FromBase64Url((string)jwk[name]!);
    string algorithm = Algorithm();
    if (algorithm.StartsWith("ES"))
    {
        using var ec = ECDsa.Create(new ECParameters
        {
            Curve = algorithm == "ES256"
                ? ECCurve.NamedCurves.nistP256
                : ECCurve.NamedCurves.nistP384,
            D = Member("d"),
            Q = new ECPoint { X = Member("x"), Y = Member("y") },
        });
        return ec.SignData(
            bytes, algorithm == "ES256" ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA384);
    }
    using var rsa = RSA.Create(new RSAParameters
    {
        Modulus = Member("n"), Exponent = Member("e"), D = Member("d"), P = Member("p"),
        Q = Member("q"), DP = Member("dp"), DQ = Member("dq"), InverseQ = Member("qi"),
    });
    return rsa.SignData(
        bytes,
        HashAlgorithmName.SHA256,
        algorithm == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
}

// SHA-256 in base64url: binds a proof to its token.
static string Hash(string text) => Base64Url(SHA256.HashData(Encoding.ASCII.GetBytes(text)));

static string Base64Url(byte[] bytes) =>
    Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

static byte[] FromBase64Url(string text)
{
    string padded = text.Replace('-', '+').Replace('_', '/');
    return Convert.FromBase64String(padded + new string('=', (4 - padded.Length % 4) % 4));
}

static long Now() => DateTimeOffset.UtcNow.ToUnixTimeSeconds();

static string Set(string name) =>
    Environment.GetEnvironmentVariable(name)
    ?? throw new InvalidOperationException($"{name} is not set");
