using System.Threading.RateLimiting;
using Euthymia.Clinic;
using Euthymia.Clinic.Storage;
using Euthymia.Web.Hosting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.RateLimiting;

namespace Euthymia.Web.Accounts;

/// <summary>Sign-in: passwords, lock-out, cookies, policies and how often one may try.</summary>
public static class AccountSetup
{
    /// <summary>The rate limit of pages that take a password.</summary>
    public const string SignInLimit = "sign-in";

    // OWASP's floor for PBKDF2-HMAC-SHA512 is 210,000; the framework's default is 100,000.
    private const int PasswordIterations = 210_000;
    private const int PasswordLength = 12;

    /// <summary>Characters that a password or a name to sign in with may have at most.</summary>
    public const int LongestText = 256;

    private const int FailuresBeforeLockOut = 5;
    private static readonly TimeSpan LockOut = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestSession = TimeSpan.FromHours(10);

    public static IServiceCollection AddAccounts(this IServiceCollection services, HostingOptions hosting)
    {
        services.AddCascadingAuthenticationState();
        services.AddScoped<CurrentActor>();
        services.AddScoped<AuthenticationStateProvider, RevalidatingAccount>();
        services.AddIdentity<Account, IdentityRole<Guid>>(options =>
            {
                options.Password.RequiredLength = PasswordLength;
                options.Password.RequiredUniqueChars = 5;
                // Length does more than classes of signs (NIST SP 800-63B 5.1.1).
                options.Password.RequireDigit = options.Password.RequireLowercase = options.Password.RequireUppercase = options.Password.RequireNonAlphanumeric = false;
                options.Lockout.MaxFailedAccessAttempts = FailuresBeforeLockOut;
                options.Lockout.DefaultLockoutTimeSpan = LockOut;
                options.User.AllowedUserNameCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._@+";
            })
            .AddEntityFrameworkStores<ClinicDb>()
            .AddClaimsPrincipalFactory<AccountClaims>()
            .AddUserValidator<LongestName>()
            .AddPasswordValidator<LongestPassword>()
            .AddDefaultTokenProviders();
        services.AddPasskeys(hosting);
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = PasswordIterations);
        services.Configure<SecurityStampValidatorOptions>(options => options.ValidationInterval = TimeSpan.FromMinutes(1));
        services.ConfigureApplicationCookie(cookie =>
        {
            cookie.Cookie.Name = hosting.RequireHttps ? "__Host-euthymia" : "euthymia";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.Cookie.SecurePolicy = hosting.RequireHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
            cookie.ExpireTimeSpan = LongestSession;
            cookie.SlidingExpiration = false;
            cookie.LoginPath = "/sign-in";
            cookie.AccessDeniedPath = "/status/403";
            cookie.ReturnUrlParameter = "returnUrl";
        });
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = hosting.RequireHttps ? "__Host-euthymia-form" : "euthymia-form";
            options.Cookie.SecurePolicy = hosting.RequireHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        });
        services.AddDataProtection().SetApplicationName("Euthymia")
            .PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(hosting.DataFolder, hosting.IsDemo ? "demo-keys" : "keys")));
        services.AddAuthorizationBuilder()
            .AddPolicy(Policies.Lead, policy => policy.RequireRole(ClinicRoles.Lead))
            .AddPolicy(Policies.Staff, policy => policy.RequireRole(ClinicRoles.Lead, ClinicRoles.Nurse))
            .AddPolicy(Policies.Patient, policy => policy.RequireRole(ClinicRoles.Patient))
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddRateLimiter(AddSignInLimit);
        services.Configure<RateLimiterOptions>(HeavyWork.AddLimit);
        return services;
    }

    /// <summary>What stands against an account's name and password, without making it.</summary>
    public static async Task<IdentityResult> Check(UserManager<Account> users, Account account, string password)
    {
        var errors = new List<IdentityError>();
        foreach (var validator in users.UserValidators)
            errors.AddRange((await validator.ValidateAsync(users, account)).Errors);
        return IdentityResult.Failed([.. errors, .. (await CheckPassword(users, account, password)).Errors]);
    }

    /// <summary>What stands against a new password of an account.</summary>
    public static async Task<IdentityResult> CheckPassword(UserManager<Account> users, Account account, string password)
    {
        var errors = new List<IdentityError>();
        foreach (var validator in users.PasswordValidators)
            errors.AddRange((await validator.ValidateAsync(users, account, password)).Errors);
        return IdentityResult.Failed([.. errors]);
    }

    /// <summary>Makes an account with a role; the errors of a refused password or name otherwise.</summary>
    public static async Task<IdentityResult> Create(UserManager<Account> users, Account account, string password, ClinicRole role)
    {
        var result = await users.CreateAsync(account, password);
        return result.Succeeded ? await users.AddToRoleAsync(account, role.Name()) : result;
    }

    // Per address, beside the lock-out of each account: guessing one password for many accounts is slow, too.
    private static void AddSignInLimit(RateLimiterOptions options)
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.AddPolicy(SignInLimit, context => HttpMethods.IsPost(context.Request.Method)
            ? RateLimitPartition.GetSlidingWindowLimiter(context.Connection.RemoteIpAddress?.ToString() ?? "", _ => new SlidingWindowRateLimiterOptions
            {
                PermitLimit = 30,
                Window = TimeSpan.FromMinutes(1),
                SegmentsPerWindow = 6,
            })
            : RateLimitPartition.GetNoLimiter(""));
    }
}

/// <summary>Looks every minute whether the account of an open live page still may be used.</summary>
public sealed class RevalidatingAccount(ILoggerFactory logs, IServiceScopeFactory scopes) : RevalidatingServerAuthenticationStateProvider(logs)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromMinutes(1);

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var signIn = scope.ServiceProvider.GetRequiredService<SignInManager<Account>>();
        return await signIn.ValidateSecurityStampAsync(authenticationState.User) is not null;
    }
}

/// <summary>A name to sign in with that the sign-in page would not take is not given to an account.</summary>
public sealed class LongestName : IUserValidator<Account>
{
    public Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user) => Task.FromResult(user.UserName?.Length > AccountSetup.LongestText
        ? IdentityResult.Failed(new IdentityError { Code = "UserNameTooLong", Description = $"Use at most {AccountSetup.LongestText} characters." })
        : IdentityResult.Success);
}

/// <summary>A password that the sign-in page would not take is not set.</summary>
public sealed class LongestPassword : IPasswordValidator<Account>
{
    public Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user, string? password) => Task.FromResult(password?.Length > AccountSetup.LongestText
        ? IdentityResult.Failed(new IdentityError { Code = "PasswordTooLong", Description = $"Use at most {AccountSetup.LongestText} characters." })
        : IdentityResult.Success);
}
